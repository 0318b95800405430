import { type Marks, mergeMarks, type NewEvent, type User } from '@activity-feed/contracts';
import { accept, type Decision, unchanged } from '@activity-feed/eventing';

/** Decides how the marks of `actor` move. */
export function decideMarks(
  current: Marks,
  actor: User,
  moved: Partial<Marks>,
): Decision<NewEvent<'activity.marks-moved.v1'>> {
  const merged = mergeMarks(current, moved);
  if (JSON.stringify(merged) === JSON.stringify(current)) return unchanged();
  return accept({ type: 'activity.marks-moved.v1', data: { actor, ...merged } });
}

import type { By, NewEvent, User } from '@activity-feed/contracts';
import { accept, type Decision, unchanged } from '@activity-feed/eventing';

export type SuspensionEvent = NewEvent<'social-graph.user-suspended.v1' | 'social-graph.user-reinstated.v1'>;

/** Decides whether `actor` is suspended, or reinstated. */
export function decideSuspension(
  isSuspended: boolean,
  actor: User,
  by: By,
  suspends: boolean,
): Decision<SuspensionEvent> {
  if (isSuspended === suspends) return unchanged();
  const data = { actor, by };
  return accept(
    suspends ? { type: 'social-graph.user-suspended.v1', data } : { type: 'social-graph.user-reinstated.v1', data },
  );
}

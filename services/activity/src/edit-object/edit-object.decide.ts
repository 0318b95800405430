import type { EventTime, NewEvent, ObjectRef, User } from '@activity-feed/contracts';
import { accept, type Decision, reject, unchanged } from '@activity-feed/eventing';
import type { CurrentVersion } from '../find-object/current-versions';

/** Decides whether `actor` may give `object` a new `content`. The same content is no edit. */
export function decideEdit(
  current: CurrentVersion | undefined,
  actor: User,
  object: ObjectRef,
  content: string,
): Decision<NewEvent<'activity.object-edited.v1'>, EventTime | null> {
  if (!current) return reject('OBJECT_NOT_FOUND');
  if (current.ownerId !== actor.id) return reject('NOT_OWNER');
  if (current.content === content) return unchanged(current.editedAt);
  const data = { actor, object: { ...object, content }, revision: current.revision + 1 };
  return accept({ type: 'activity.object-edited.v1', data });
}

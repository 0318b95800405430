import type { NewEvent, ObjectRef, User } from '@activity-feed/contracts';
import { accept, type Decision, reject } from '@activity-feed/eventing';

/** Decides whether `actor` may share `object`: as often as they like. */
export function decideShare(
  owner: User | undefined,
  actor: User,
  object: ObjectRef,
): Decision<NewEvent<'activity.object-shared.v1'>> {
  if (!owner) return reject('OBJECT_NOT_FOUND');
  return accept({ type: 'activity.object-shared.v1', data: { actor, object, target: owner } });
}

import type { By, EventTime, NewEvent, ObjectRef } from '@activity-feed/contracts';
import { accept, type Decision, reject, unchanged } from '@activity-feed/eventing';
import type { DeletableObject } from './deletable-object';

/**
 * Decides whether an object is deleted. Its owner cannot restore what an administrator has deleted, so an administrator
 * also deletes what its owner has deleted already.
 */
export function decideDelete(
  found: DeletableObject | undefined,
  by: By,
  object: ObjectRef,
  restorableUntil: EventTime,
): Decision<NewEvent<'activity.object-deleted.v1'>, EventTime> {
  if (!found) return reject('OBJECT_NOT_FOUND');
  const { owner, deletion, root } = found;
  if (by !== 'admin' && by.id !== owner.id) return reject(deletion ? 'OBJECT_NOT_FOUND' : 'NOT_OWNER');
  if (deletion?.isFinal) return reject('OBJECT_NOT_FOUND');
  if (deletion && (by !== 'admin' || deletion.by === null)) return unchanged(deletion.restorableUntil);
  return accept({
    type: 'activity.object-deleted.v1',
    data: {
      actor: owner,
      object,
      target: owner,
      ...root,
      restorable_until: restorableUntil,
      ...(by === 'admin' && { by }),
    },
  });
}

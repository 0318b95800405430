import type { By, EventTime, NewEvent, ObjectRef } from '@activity-feed/contracts';
import { accept, type Decision, reject, unchanged } from '@activity-feed/eventing';
import { type DeletableObject, standingOf } from './deletable-object';

/**
 * Decides whether an object is deleted. Only who deleted it can restore it, so an administrator also deletes what a user
 * has deleted already. A comment on a deleted object can be deleted by administrators alone.
 */
export function decideDelete(
  found: DeletableObject | undefined,
  by: By,
  object: ObjectRef,
  restorableUntil: EventTime,
): Decision<NewEvent<'activity.object-deleted.v1'>, EventTime> {
  if (!found || (found.rootDeleted && by !== 'admin')) return reject('OBJECT_NOT_FOUND');
  const { owner, createdAt, deletion, root } = found;
  const { isOwner, mayDelete, mayKnow, isDeleter } = standingOf(by, found);
  if (deletion && (!mayKnow || deletion.isFinal)) return reject('OBJECT_NOT_FOUND');
  if (!mayDelete) return reject('NOT_OWNER');
  if (deletion && (by !== 'admin' || isDeleter)) return unchanged(deletion.restorableUntil);
  return accept({
    type: 'activity.object-deleted.v1',
    data: {
      actor: owner,
      object,
      target: owner,
      ...root,
      restorable_until: restorableUntil,
      created_at: createdAt,
      ...(!isOwner && { by }),
    },
  });
}

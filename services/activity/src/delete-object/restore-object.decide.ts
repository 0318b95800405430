import type { By, NewEvent, ObjectRef } from '@activity-feed/contracts';
import { accept, type Decision, reject, unchanged } from '@activity-feed/eventing';
import { type DeletableObject, standingOf } from './deletable-object';

/**
 * Decides whether a deleted object is restored. Only who deleted it can do that. A comment on a deleted object can be
 * restored by administrators alone.
 */
export function decideRestore(
  found: DeletableObject | undefined,
  by: By,
  object: ObjectRef,
): Decision<NewEvent<'activity.object-restored.v1'>> {
  if (!found || (found.rootDeleted && by !== 'admin')) return reject('OBJECT_NOT_FOUND');
  const { owner, content, revision, mentions, createdAt, deletion, root } = found;
  const { isOwner, mayDelete, mayKnow, isDeleter } = standingOf(by, found);
  if (deletion && !mayKnow) return reject('OBJECT_NOT_FOUND');
  if (!mayDelete) return reject('NOT_OWNER');
  if (!deletion) return unchanged();
  if (deletion.isFinal) return reject('OBJECT_GONE');
  if (!isDeleter) return reject('NOT_DELETER');
  return accept({
    type: 'activity.object-restored.v1',
    data: {
      actor: owner,
      object: { ...object, content },
      ...root,
      revision,
      created_at: createdAt,
      ...(mentions && { mentions }),
      ...(!isOwner && { by }),
    },
  });
}

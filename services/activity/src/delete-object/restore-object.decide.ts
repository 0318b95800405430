import type { By, NewEvent, ObjectRef } from '@activity-feed/contracts';
import { accept, type Decision, reject, unchanged } from '@activity-feed/eventing';
import type { DeletableObject } from './deletable-object';

/** Decides whether a deleted object is restored. Only who deleted it can do that. */
export function decideRestore(
  found: DeletableObject | undefined,
  by: By,
  object: ObjectRef,
): Decision<NewEvent<'activity.object-restored.v1'>> {
  if (!found) return reject('OBJECT_NOT_FOUND');
  const { owner, content, revision, mentions, createdAt, deletion, root } = found;
  if (by !== 'admin' && by.id !== owner.id) return reject(deletion ? 'OBJECT_NOT_FOUND' : 'NOT_OWNER');
  if (!deletion) return unchanged();
  if (deletion.isFinal) return reject('OBJECT_GONE');
  if (deletion.by !== (by === 'admin' ? null : by.id)) return reject('NOT_DELETER');
  return accept({
    type: 'activity.object-restored.v1',
    data: {
      actor: owner,
      object: { ...object, content },
      ...root,
      revision,
      created_at: createdAt,
      ...(mentions && { mentions }),
      ...(by === 'admin' && { by }),
    },
  });
}

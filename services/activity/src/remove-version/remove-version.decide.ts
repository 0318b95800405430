import type { NewEvent, ObjectRef, User } from '@activity-feed/contracts';
import { accept, type Decision, reject, unchanged } from '@activity-feed/eventing';
import type { CurrentVersion } from '../find-object/current-versions';

export interface RemovalFacts {
  current: CurrentVersion | undefined;
  /** Whether the version to remove is among the earlier versions. */
  kept: boolean;
}

/**
 * Decides whether `actor` may remove an earlier version of `object`. The event repeats the current version, so that it
 * can be applied like an edit.
 */
export function decideRemoval(
  { current, kept }: RemovalFacts,
  actor: User,
  object: ObjectRef,
  version: number,
): Decision<NewEvent<'activity.object-edited.v1'>> {
  if (!current) return reject('OBJECT_NOT_FOUND');
  if (current.ownerId !== actor.id) return reject('NOT_OWNER');
  const { content, revision, mentions, root } = current;
  if (version === revision) return reject('VERSION_CURRENT');
  if (version < 1 || version > revision) return reject('VERSION_NOT_FOUND');
  if (!kept) return unchanged();
  const data = {
    actor,
    object: { ...object, content },
    revision,
    removed: [version],
    ...root,
    ...(mentions && { mentions }),
  };
  return accept({ type: 'activity.object-edited.v1', data });
}

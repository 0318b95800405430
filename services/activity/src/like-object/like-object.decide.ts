import type { NewEvent, ObjectRef, User } from '@activity-feed/contracts';
import { accept, type Decision, reject, unchanged } from '@activity-feed/eventing';
import type { Root } from '../find-object/find-roots';

export interface LikeFacts {
  owner: User | undefined;
  liked: boolean;
  /** If the object is a comment. */
  root?: Root | undefined;
}

/** Decides whether `actor` likes `object`. Users may like their own objects. */
export function decideLike(
  { owner, liked, root }: LikeFacts,
  actor: User,
  object: ObjectRef,
): Decision<NewEvent<'activity.object-liked.v1'>> {
  if (!owner) return reject('OBJECT_NOT_FOUND');
  if (liked) return unchanged();
  return accept({ type: 'activity.object-liked.v1', data: { actor, object, target: owner, ...root } });
}

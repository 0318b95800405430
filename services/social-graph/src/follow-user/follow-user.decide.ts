import type { NewEvent, User } from '@activity-feed/contracts';
import { accept, type Decision, reject, unchanged } from '@activity-feed/eventing';

export interface FollowFacts {
  /** The user with the name in the command. */
  target: User | undefined;
  follows: boolean;
  /** Whether the actor blocks the target. */
  blocks: boolean;
  /** Whether the target blocks the actor. */
  isBlocked: boolean;
  /** Whether the target's account is private. */
  isPrivate: boolean;
  isSuspended: boolean;
  /** Whether the actor has requested to follow the target, who has not answered yet. */
  isRequested: boolean;
  /** Whether such a request is accepted, but the follow is still to be written. */
  isPublished: boolean;
  /** Whether the actor follows the maximum number of users, counting requests. */
  isFull: boolean;
}

/** Whether a command is about a request, not about a follow. */
export interface AboutRequest {
  request: boolean;
}

export type FollowEvent = NewEvent<'social-graph.user-followed.v1' | 'social-graph.follow-requested.v1'>;

/** Decides whether `actor` may follow the named user, or requests to follow. */
export function decideFollow(
  { target, follows, isPrivate, isRequested, isPublished, isFull, ...hidden }: FollowFacts,
  actor: User,
): Decision<FollowEvent, AboutRequest> {
  // As if there were no such user.
  if (!target || hidden.blocks || hidden.isBlocked || hidden.isSuspended) return reject('USER_NOT_FOUND');
  if (target.id === actor.id) return reject('CANNOT_FOLLOW_SELF');
  if (follows || isPublished) return unchanged({ request: false });
  if (isRequested) return unchanged({ request: true });
  if (isFull) return reject('FOLLOW_LIMIT_REACHED');
  const data = { actor, target };
  return accept(
    isPrivate ? { type: 'social-graph.follow-requested.v1', data } : { type: 'social-graph.user-followed.v1', data },
  );
}

import type { NewEvent, User } from '@activity-feed/contracts';
import { accept, type Decision, reject, unchanged } from '@activity-feed/eventing';
import type { AboutRequest, FollowFacts } from '../follow-user/follow-user.decide';

type UnfollowFacts = Pick<
  FollowFacts,
  'target' | 'follows' | 'isBlocked' | 'isSuspended' | 'isRequested' | 'isPublished'
>;

export type UnfollowEvent = NewEvent<'social-graph.user-unfollowed.v1' | 'social-graph.follow-request-ended.v1'>;

/** Decides whether `actor` may stop following the named user, or withdraws the request to follow. */
export function decideUnfollow(
  { target, follows, isBlocked, isSuspended, isRequested, isPublished }: UnfollowFacts,
  actor: User,
): Decision<UnfollowEvent, AboutRequest> {
  if (!target) return reject('USER_NOT_FOUND');
  if (target.id === actor.id) return reject('CANNOT_UNFOLLOW_SELF');
  if (follows) return accept({ type: 'social-graph.user-unfollowed.v1', data: { actor, target } });
  if (isRequested || isPublished) {
    const data = { actor, target, cause: 'withdrawn' as const };
    return accept({ type: 'social-graph.follow-request-ended.v1', data });
  }
  // For whom the target blocks, there is no such user.
  return isBlocked || isSuspended ? reject('USER_NOT_FOUND') : unchanged({ request: false });
}

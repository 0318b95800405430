import type { NewEvent, User } from '@activity-feed/contracts';
import { accept, type Decision, reject, unchanged } from '@activity-feed/eventing';
import type { FollowFacts } from '../follow-user/follow-user.decide';

/** Decides whether `actor` may stop following the named user. */
export function decideUnfollow(
  { target, follows, isBlocked }: Pick<FollowFacts, 'target' | 'follows' | 'isBlocked'>,
  actor: User,
): Decision<NewEvent<'social-graph.user-unfollowed.v1'>> {
  if (!target) return reject('USER_NOT_FOUND');
  if (target.id === actor.id) return reject('CANNOT_UNFOLLOW_SELF');
  // For whom the target blocks, there is no such user.
  if (!follows) return isBlocked ? reject('USER_NOT_FOUND') : unchanged();
  return accept({ type: 'social-graph.user-unfollowed.v1', data: { actor, target } });
}

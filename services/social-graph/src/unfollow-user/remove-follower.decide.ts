import type { NewEvent, User } from '@activity-feed/contracts';
import { accept, type Decision, reject, unchanged } from '@activity-feed/eventing';

export interface RemovalFacts {
  follows: boolean;
  /** Whether the follower blocks the actor. */
  isBlocked: boolean;
}

/** Decides whether `actor` may end the follow by `follower`, who is not asked. */
export function decideRemoval(
  { follows, isBlocked }: RemovalFacts,
  actor: User,
  follower: User,
): Decision<NewEvent<'social-graph.user-unfollowed.v1'>> {
  // For whom a user blocks, there is no such user.
  if (!follows) return isBlocked ? reject('USER_NOT_FOUND') : unchanged();
  return accept({
    type: 'social-graph.user-unfollowed.v1',
    data: { actor: follower, target: actor, cause: 'removed' },
  });
}

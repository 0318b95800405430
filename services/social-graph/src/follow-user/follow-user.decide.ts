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
  /** Whether the actor follows the maximum number of users. */
  isFull: boolean;
}

/** Decides whether `actor` may follow the named user. */
export function decideFollow(
  { target, follows, blocks, isBlocked, isFull }: FollowFacts,
  actor: User,
): Decision<NewEvent<'social-graph.user-followed.v1'>> {
  // As if there were no such user.
  if (!target || blocks || isBlocked) return reject('USER_NOT_FOUND');
  if (target.id === actor.id) return reject('CANNOT_FOLLOW_SELF');
  if (follows) return unchanged();
  if (isFull) return reject('FOLLOW_LIMIT_REACHED');
  return accept({ type: 'social-graph.user-followed.v1', data: { actor, target } });
}

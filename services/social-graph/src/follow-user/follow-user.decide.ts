import type { NewEvent, User } from '@activity-feed/contracts';
import { accept, type Decision, reject, unchanged } from '@activity-feed/eventing';

export interface FollowFacts {
  /** The user with the name in the command. */
  target: User | undefined;
  follows: boolean;
  /** Whether one of the two blocks the other. */
  blocked: boolean;
  /** Whether the actor follows the maximum number of users. */
  isFull: boolean;
}

/** Decides whether `actor` may follow the named user. */
export function decideFollow(
  { target, follows, blocked, isFull }: FollowFacts,
  actor: User,
): Decision<NewEvent<'social-graph.user-followed.v1'>> {
  // As if there were no such user.
  if (!target || blocked) return reject('USER_NOT_FOUND');
  if (target.id === actor.id) return reject('CANNOT_FOLLOW_SELF');
  if (follows) return unchanged();
  if (isFull) return reject('FOLLOW_LIMIT_REACHED');
  return accept({ type: 'social-graph.user-followed.v1', data: { actor, target } });
}

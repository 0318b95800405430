import type { NewEvent, User } from '@activity-feed/contracts';
import { accept, type Decision, reject, unchanged } from '@activity-feed/eventing';

export interface FollowFacts {
  /** The user of that name. */
  target: User | undefined;
  follows: boolean;
}

/** Decides whether `actor` may follow the named user. */
export function decideFollow(
  { target, follows }: FollowFacts,
  actor: User,
): Decision<NewEvent<'social-graph.user-followed.v1'>> {
  if (!target) return reject('USER_NOT_FOUND');
  if (target.id === actor.id) return reject('CANNOT_FOLLOW_SELF');
  if (follows) return unchanged();
  return accept({ type: 'social-graph.user-followed.v1', data: { actor, target } });
}

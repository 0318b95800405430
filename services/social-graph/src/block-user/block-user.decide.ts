import type { NewEvent, User } from '@activity-feed/contracts';
import { accept, type Decision, type FurtherEvent, reject, unchanged } from '@activity-feed/eventing';

export interface BlockFacts {
  isBlocked: boolean;
  /** Whether the target blocks the actor. */
  blocksActor: boolean;
  /** Whether the actor follows the target. */
  follows: boolean;
  /** Whether the target follows the actor. */
  isFollowed: boolean;
  /** Whether the actor has requested to follow the target. */
  requests: boolean;
  /** Whether the target has requested to follow the actor. */
  isRequested: boolean;
  /** Whether the actor blocks and mutes the maximum number of users. */
  isFull: boolean;
}

/** Decides whether `actor` may block `target`. Follows and requests between the two end: each in the follower's stream. */
export function decideBlock(
  { isBlocked, follows, isFollowed, requests, isRequested, isFull }: BlockFacts,
  actor: User,
  target: User,
): Decision<NewEvent<'social-graph.user-blocked.v1'>> {
  if (target.id === actor.id) return reject('CANNOT_BLOCK_SELF');
  if (isBlocked) return unchanged();
  if (isFull) return reject('BLOCK_LIMIT_REACHED');
  return accept({ type: 'social-graph.user-blocked.v1', data: { actor, target } }, [
    ...(follows ? [followEnds(actor, target)] : []),
    ...(isFollowed ? [followEnds(target, actor)] : []),
    ...(requests ? [requestEnds(actor, target)] : []),
    ...(isRequested ? [requestEnds(target, actor)] : []),
  ]);
}

/** Decides whether `actor` may unblock `target`. Follows that the block ended stay so. */
export function decideUnblock(
  { isBlocked, blocksActor }: Pick<BlockFacts, 'isBlocked' | 'blocksActor'>,
  actor: User,
  target: User,
): Decision<NewEvent<'social-graph.user-unblocked.v1'>> {
  if (target.id === actor.id) return reject('CANNOT_BLOCK_SELF');
  if (!isBlocked) return blocksActor ? reject('USER_NOT_FOUND') : unchanged();
  return accept({ type: 'social-graph.user-unblocked.v1', data: { actor, target } });
}

const followEnds = (actor: User, target: User): FurtherEvent => ({
  stream: actor.id,
  event: { type: 'social-graph.user-unfollowed.v1', data: { actor, target, cause: 'ended' } },
});

const requestEnds = (actor: User, target: User): FurtherEvent => ({
  stream: actor.id,
  event: { type: 'social-graph.follow-request-ended.v1', data: { actor, target, cause: 'ended' } },
});

import type { EventTime, MuteCommand, NewEvent, UnmuteCommand, User } from '@activity-feed/contracts';
import { accept, type Decision, reject, unchanged } from '@activity-feed/eventing';

export interface MuteFacts {
  /** The mute of the same kind; undefined if there is none, or if it has ended. */
  mute: { until: EventTime | null } | undefined;
  /** Whether the target blocks the actor: then there is nobody to mute. */
  isBlocked: boolean;
  /** Whether the actor blocks and mutes the maximum number of users. */
  isFull: boolean;
}

/** Decides whether `actor` may mute `target`. A mute until another time replaces the one before. */
export function decideMute(
  { mute, isBlocked, isFull }: MuteFacts,
  { actor, only, until }: Pick<MuteCommand, 'actor' | 'only' | 'until'>,
  target: User,
): Decision<NewEvent<'social-graph.user-muted.v1'>> {
  if (target.id === actor.id) return reject('CANNOT_MUTE_SELF');
  if (isBlocked) return reject('USER_NOT_FOUND');
  if (mute?.until === until) return unchanged();
  if (isFull && !mute) return reject('BLOCK_LIMIT_REACHED');
  return accept({ type: 'social-graph.user-muted.v1', data: { actor, target, only, until } });
}

/** Decides whether `actor` may unmute `target`: also one who blocks the actor, if there is a mute. */
export function decideUnmute(
  { mute, isBlocked }: Pick<MuteFacts, 'mute' | 'isBlocked'>,
  { actor, only }: Pick<UnmuteCommand, 'actor' | 'only'>,
  target: User,
): Decision<NewEvent<'social-graph.user-unmuted.v1'>> {
  if (target.id === actor.id) return reject('CANNOT_MUTE_SELF');
  if (!mute) return isBlocked ? reject('USER_NOT_FOUND') : unchanged();
  return accept({ type: 'social-graph.user-unmuted.v1', data: { actor, target, only } });
}

import type { EventTime, MuteCommand, NewEvent, UnmuteCommand, User } from '@activity-feed/contracts';
import { accept, type Decision, reject, unchanged } from '@activity-feed/eventing';

export interface MuteFacts {
  /** The mute of the same kind; undefined if there is none, or if it has ended. */
  mute: { until: EventTime | null } | undefined;
  /** Whether the actor blocks and mutes the maximum number of users. */
  isFull: boolean;
}

/** Decides whether `actor` may mute `target`. A mute until another time replaces the one before. */
export function decideMute(
  { mute, isFull }: MuteFacts,
  { actor, only, until }: Pick<MuteCommand, 'actor' | 'only' | 'until'>,
  target: User,
): Decision<NewEvent<'social-graph.user-muted.v1'>> {
  if (target.id === actor.id) return reject('CANNOT_MUTE_SELF');
  if (mute?.until === until) return unchanged();
  if (isFull && !mute) return reject('BLOCK_LIMIT_REACHED');
  return accept({ type: 'social-graph.user-muted.v1', data: { actor, target, only, until } });
}

/** Decides whether `actor` may unmute `target`. */
export function decideUnmute(
  { mute }: Pick<MuteFacts, 'mute'>,
  { actor, only }: Pick<UnmuteCommand, 'actor' | 'only'>,
  target: User,
): Decision<NewEvent<'social-graph.user-unmuted.v1'>> {
  if (target.id === actor.id) return reject('CANNOT_MUTE_SELF');
  if (!mute) return unchanged();
  return accept({ type: 'social-graph.user-unmuted.v1', data: { actor, target, only } });
}

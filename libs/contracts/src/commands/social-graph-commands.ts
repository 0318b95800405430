import type { EventTime } from '../event-time';
import type { User } from '../identifiers';
import { type Answer, message } from '../message';
import type { Command, WriteAnswer } from './command';
import type { Deadline } from './deadline';

/** A command about another user. */
export interface UserCommand extends Command {
  /** That user's name. */
  name: string;
}

export type FollowCommand = UserCommand;

export const FollowUser = message<FollowCommand, WriteAnswer>('social-graph.follow-user');
export const UnfollowUser = message<FollowCommand, WriteAnswer>('social-graph.unfollow-user');

/** Ends the follow of the actor by the named user. Unchanged if there is none. Its event is in the follower's stream. */
export const RemoveFollower = message<UserCommand, WriteAnswer>('social-graph.remove-follower');

/** Ends the follows between the two. Unchanged if the user is blocked already. */
export const BlockUser = message<UserCommand, WriteAnswer>('social-graph.block-user');
export const UnblockUser = message<UserCommand, WriteAnswer>('social-graph.unblock-user');

/** What is muted: everything, or only what the user shares. Each has its own switch. */
export type MuteOnly = 'shares' | null;

export interface UnmuteCommand extends UserCommand {
  only: MuteOnly;
}

export interface MuteCommand extends UnmuteCommand {
  /** Null: until the user is unmuted. */
  until: EventTime | null;
}

/** Unchanged if the user is muted already, until the same time. */
export const MuteUser = message<MuteCommand, WriteAnswer>('social-graph.mute-user');
export const UnmuteUser = message<UnmuteCommand, WriteAnswer>('social-graph.unmute-user');

export interface RegisterUserCommand {
  name: string;
  traceparent?: string;
  deadline?: Deadline;
}

export interface RegisteredUser extends User {
  /** The key itself. This is the only time it is shown; the database has only its hash. */
  authToken: string;
  createdAt: EventTime;
  token: string;
}

export const RegisterUser = message<RegisterUserCommand, Answer<RegisteredUser>>('social-graph.register-user');

import type { EventTime } from '../event-time';
import type { By, User, UserId } from '../identifiers';
import { type Answer, message } from '../message';
import type { Command, WriteAnswer, Written } from './command';
import type { Deadline } from './deadline';

/** A command about another user. */
export interface UserCommand extends Command {
  /** That user's name. */
  name: string;
}

export type FollowCommand = UserCommand;

/** `request`: whether it is a request to follow that is made or withdrawn, not a follow. */
export type FollowAnswer = Answer<Written & { request?: true }>;

/** Makes a request if the user's account is private. */
export const FollowUser = message<FollowCommand, FollowAnswer>('social-graph.follow-user');
/** Withdraws the request if there is one. */
export const UnfollowUser = message<FollowCommand, FollowAnswer>('social-graph.unfollow-user');

/** Ends the follow of the actor by the named user. Unchanged if there is none. Its event is in the follower's stream. */
export const RemoveFollower = message<UserCommand, WriteAnswer>('social-graph.remove-follower');

/**
 * Accepts or declines the named user's request to follow the actor. Unchanged if there is none. The token is of the
 * requester's public stream.
 */
export const AcceptRequest = message<UserCommand, WriteAnswer>('social-graph.accept-request');
export const DeclineRequest = message<UserCommand, WriteAnswer>('social-graph.decline-request');

export interface PrivacyCommand extends Command {
  private: boolean;
}

/** Making an account public accepts all requests to follow it. Fails with TOO_SOON. */
export const ChangePrivacy = message<PrivacyCommand, WriteAnswer>('social-graph.change-privacy');

/** A command about the named user, in whose stream its event is. */
export interface SuspensionCommand extends Omit<UserCommand, 'actor'> {
  by: By;
}

export type SuspensionAnswer = Answer<Written & { user: UserId }>;

export const SuspendUser = message<SuspensionCommand, SuspensionAnswer>('social-graph.suspend-user');
export const ReinstateUser = message<SuspensionCommand, SuspensionAnswer>('social-graph.reinstate-user');

/** Ends the follows between the two, and requests. Unchanged if the user is blocked already. */
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

import type { EventTime } from '../event-time';
import type { User } from '../identifiers';
import { type Answer, message } from '../message';
import type { Command, WriteAnswer } from './command';
import type { Deadline } from './deadline';

export interface FollowCommand extends Command {
  /** The name of the user to follow or unfollow. */
  name: string;
}

export const FollowUser = message<FollowCommand, WriteAnswer>('social-graph.follow-user');
export const UnfollowUser = message<FollowCommand, WriteAnswer>('social-graph.unfollow-user');

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

import type { User, UserId } from '../identifiers';
import type { Answer } from '../message';
import type { Deadline } from './deadline';

/** Sent by the gateway after authentication. */
export interface Command {
  /** The authenticated user. */
  actor: User;
  /** W3C trace context of the request. */
  traceparent?: string;
  /** Older gateways send none: the command may then be carried out at any time. */
  deadline?: Deadline;
}

/**
 * The result of a command: an event was recorded, or the state already was as requested.
 * `token` is the consistency token of the actor's stream afterwards.
 */
export interface Written {
  outcome: 'recorded' | 'unchanged';
  token: string;
  /** The tokens of further events of the command. */
  also?: string[];
  /** Another user, who must see it at once too. */
  concerns?: UserId | undefined;
}

export type WriteAnswer = Answer<Written>;

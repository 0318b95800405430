import type { User, UserId } from '../identifiers';
import type { Answer } from '../message';
import type { Deadline } from './deadline';
import type { Idempotency } from './idempotency';

/** Sent by the gateway after authentication. */
export interface Command {
  /** The authenticated user. */
  actor: User;
  /** W3C trace context of the request. */
  traceparent?: string;
  /** Older gateways send none: the command may then be carried out at any time. */
  deadline?: Deadline;
  /** Undefined if a repeat is another command. Older gateways send none. */
  idempotency?: Idempotency;
}

/**
 * The result of a command: an event was recorded, or the state already was as requested.
 * `token` is the position of the command's stream afterwards, usually the actor's.
 */
export interface Written {
  outcome: 'recorded' | 'unchanged';
  token: string;
  /** The tokens of further events of the command. */
  also?: string[];
  /** Another user, who must see it at once too. */
  concerns?: UserId | undefined;
  /** Set if it changes who can see the account of the token's stream: all reads must see the effect at once. */
  changesAccount?: AccountChange;
}

/** A suspension also concerns the keys of the user. */
export type AccountChange = 'privacy' | 'suspension';

export type WriteAnswer = Answer<Written>;

import type { User } from '../identifiers';
import type { Answer } from '../message';
import type { Deadline } from './deadline';

/** Sent by the gateway after authentication; `actor` is whom the key belongs to. */
export interface Command {
  actor: User;
  /** W3C trace context of the request. */
  traceparent?: string;
  /** Without one, as from an older gateway, the command may be carried out at any time. */
  deadline?: Deadline;
}

/**
 * How a command ended: one event more, or a state that already was as asked.
 * `token` is the consistency token of the actor's stream after it.
 */
export interface Written {
  outcome: 'recorded' | 'unchanged';
  token: string;
}

export type WriteAnswer = Answer<Written>;

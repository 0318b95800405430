import type { ClockReading } from './commands/deadline';
import type { ErrorCode } from './errors';

/** A request from the gateway to a service: the pattern on the wire with the types of its two sides. */
export interface Message<Request, Answer> {
  readonly pattern: string;
  /** Holds the types; never set. */
  readonly types?: [Request, Answer];
}

export const message = <Request, Answer>(pattern: string): Message<Request, Answer> => ({ pattern });

/** A service's answer: what was asked for, or the code of the rule that forbids it. */
export type Answer<Value> = { ok: true; value: Value } | Refusal;

export interface Refusal {
  ok: false;
  code: ErrorCode;
  /** With a command whose deadline is by another clock: this service's own. The command was not carried out. */
  clock?: ClockReading;
}

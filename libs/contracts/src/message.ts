import type { ClockReading } from './commands/deadline';
import type { ErrorCode } from './errors';

/** A request from the gateway to a service: its pattern on the wire and the types of request and answer. */
export interface Message<Request, Answer> {
  readonly pattern: string;
  /** For type inference; never set. */
  readonly types?: [Request, Answer];
}

export const message = <Request, Answer>(pattern: string): Message<Request, Answer> => ({ pattern });

/** `replayed`: whether it is the answer to an earlier command with the same idempotency key. */
export type Answer<Value> = { ok: true; value: Value; replayed?: true } | Refusal;

export interface Refusal {
  ok: false;
  code: ErrorCode;
  /** Set if the command's deadline was by another clock: a reading of the service's clock. */
  clock?: ClockReading;
}

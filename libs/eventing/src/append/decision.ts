import type { ErrorCode, NewEvent, UserId } from '@activity-feed/contracts';

/** An event on one of the streams of a command. */
export interface FurtherEvent {
  readonly stream: UserId;
  readonly event: NewEvent;
}

/**
 * The result of a pure decision: an event to record, a state that is already as requested, or an error code. `state` is
 * what the answer shows of that state.
 */
export type Decision<Event extends NewEvent, State = undefined> =
  | { kind: 'accepted'; event: Event; also?: readonly FurtherEvent[] }
  | { kind: 'unchanged'; state: State }
  | { kind: 'rejected'; code: ErrorCode };

/** `also`: events that are recorded in the same transaction, after `event`. */
export const accept = <Event extends NewEvent>(
  event: Event,
  also: readonly FurtherEvent[] = [],
): Decision<Event, never> => ({ kind: 'accepted', event, ...(also.length > 0 && { also }) });
export function unchanged(): Decision<never>;
export function unchanged<State>(state: State): Decision<never, State>;
export function unchanged(state?: unknown): Decision<never, unknown> {
  return { kind: 'unchanged', state };
}
export const reject = (code: ErrorCode): Decision<never, never> => ({ kind: 'rejected', code });

import type { ErrorCode, NewEvent } from '@activity-feed/contracts';

/**
 * The result of a pure decision: an event to record, a state that is already as requested, or an error code. `state` is
 * what the answer shows of that state.
 */
export type Decision<Event extends NewEvent, State = undefined> =
  | { kind: 'accepted'; event: Event }
  | { kind: 'unchanged'; state: State }
  | { kind: 'rejected'; code: ErrorCode };

export const accept = <Event extends NewEvent>(event: Event): Decision<Event, never> => ({ kind: 'accepted', event });
export function unchanged(): Decision<never>;
export function unchanged<State>(state: State): Decision<never, State>;
export function unchanged(state?: unknown): Decision<never, unknown> {
  return { kind: 'unchanged', state };
}
export const reject = (code: ErrorCode): Decision<never, never> => ({ kind: 'rejected', code });

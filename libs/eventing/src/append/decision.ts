import type { ErrorCode, NewEvent } from '@activity-feed/contracts';

/** The result of a pure decision: an event to record, a state that already is as requested, or an error code. */
export type Decision<Event extends NewEvent> =
  | { kind: 'accepted'; event: Event }
  | { kind: 'unchanged' }
  | { kind: 'rejected'; code: ErrorCode };

export const accept = <Event extends NewEvent>(event: Event): Decision<Event> => ({ kind: 'accepted', event });
export const unchanged = (): Decision<never> => ({ kind: 'unchanged' });
export const reject = (code: ErrorCode): Decision<never> => ({ kind: 'rejected', code });

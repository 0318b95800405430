import { type Answer, message } from '../message';
import type { OwnRateLimits } from '../rate-limits';
import type { Deadline } from './deadline';

/** Sets all limits of the named user. Those that are missing return to the defaults. */
export interface SetLimitsCommand {
  name: string;
  limits: OwnRateLimits;
  deadline?: Deadline;
}

/** `token`: the newest position of the user, to be announced: limits are in no event. Fails with USER_NOT_FOUND. */
export const SetLimits = message<SetLimitsCommand, Answer<{ token: string }>>('social-graph.set-limits');

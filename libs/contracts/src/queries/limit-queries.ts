import { type Answer, message } from '../message';
import type { OwnRateLimits } from '../rate-limits';

/** The limits that were set for the named user. Fails with USER_NOT_FOUND. */
export const FindLimits = message<{ name: string }, Answer<OwnRateLimits>>('social-graph.find-limits');

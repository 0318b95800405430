import { fromMilliseconds, type Microseconds } from '@activity-feed/contracts';

export const SECOND = fromMilliseconds(1_000);
export const HOUR = (3_600 * SECOND) as Microseconds;
export const DAY = (24 * HOUR) as Microseconds;

/** The start of the day after `time`. */
export const nextDay = (time: Microseconds): Microseconds => (time - (time % DAY) + DAY) as Microseconds;

export const earlier = (a: Microseconds, b: Microseconds): Microseconds => (a < b ? a : b);

/** Turns an exclusive limit into an inclusive one. */
export const justBefore = (time: Microseconds): Microseconds => (time - 1) as Microseconds;

declare const UNIT: unique symbol;

/** A time since 1970 or a duration, in whole microseconds. Exact up to the year 2255. */
export type Microseconds = number & { readonly [UNIT]: 'microseconds' };

/**
 * A time since 1970 or a duration. Plain numbers are accepted, since all of JavaScript's times are milliseconds;
 * microseconds are not.
 */
export type Milliseconds = number & { readonly [UNIT]?: 'milliseconds' };

const FACTOR = 1_000;

/** Rounds down. */
export const toMilliseconds = (time: Microseconds): Milliseconds => Math.floor(time / FACTOR);

export const fromMilliseconds = (time: Milliseconds): Microseconds => (time * FACTOR) as Microseconds;

/** SQL for a `timestamptz` expression as a time that pg returns as a number. */
export const sqlMicroseconds = (expression: string) => `(extract(epoch FROM ${expression}) * 1000000)::float8`;
export const sqlMilliseconds = (expression: string) => `(extract(epoch FROM ${expression}) * 1000)::float8`;

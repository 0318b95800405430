import type { Random } from './choose.ts';

/**
 * Arrival times of `count` requests of independent users, ascending, in milliseconds: a Poisson process, which for a
 * given count is the same as independent uniform times.
 */
export function arrivalTimes(count: number, withinMs: number, random: Random = Math.random): Float64Array {
  return Float64Array.from({ length: count }, () => random() * withinMs).sort();
}

/** Evenly spaced times, `rate` per second, in milliseconds. */
export function evenTimes(rate: number, withinMs: number): Float64Array {
  return Float64Array.from({ length: Math.floor((rate * withinMs) / 1000) }, (_, index) => (index * 1000) / rate);
}

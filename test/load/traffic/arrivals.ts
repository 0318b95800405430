import type { Random } from './choose.ts';

/**
 * When `count` requests of users who know nothing of one another arrive, in milliseconds and in order: a Poisson
 * process, which for a given count is as many independent uniform times.
 */
export function arrivalTimes(count: number, withinMs: number, random: Random = Math.random): Float64Array {
  return Float64Array.from({ length: count }, () => random() * withinMs).sort();
}

/** A clock's stroke every 1/`rate` seconds, in milliseconds. */
export function evenTimes(rate: number, withinMs: number): Float64Array {
  return Float64Array.from({ length: Math.floor((rate * withinMs) / 1000) }, (_, index) => (index * 1000) / rate);
}

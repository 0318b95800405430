import { type Milliseconds, type Summary, VERBS, type VerbCounts } from '@activity-feed/contracts';
import { BUCKET_LENGTH } from '../aggregates/aggregate-time';
import type { DaySum } from './day-sum';

/**
 * Sums by day and in total, for `days` days up to the one that begins at `today`. While the aggregates are refreshed after a
 * bulk load, more may be subtracted than was counted: no sum is negative.
 */
export function summarize(sums: Iterable<DaySum>, today: Milliseconds, days: number): Summary {
  const byDay = new Map(Array.from({ length: days }, (_, age) => [dayName(today - age * BUCKET_LENGTH.day), zeros()]));
  for (const { day, verb, count } of sums) {
    const counts = byDay.get(day);
    // Not of a future day: the clock of the event's writer was ahead.
    if (counts) counts[verb] += count;
  }
  const totals = zeros();
  for (const counts of byDay.values()) {
    for (const verb of VERBS) {
      counts[verb] = Math.max(0, counts[verb]);
      totals[verb] += counts[verb];
    }
  }
  return { totals, days: Array.from(byDay, ([day, counts]) => ({ day, ...counts })) };
}

/** `2019-02-10`. */
export const dayName = (time: Milliseconds): string => new Date(time).toISOString().slice(0, '2019-02-10'.length);

const zeros = () => Object.fromEntries(VERBS.map((verb) => [verb, 0])) as VerbCounts;

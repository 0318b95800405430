import { type Milliseconds, type Summary, VERBS, type VerbCounts } from '@activity-feed/contracts';
import { BUCKET_LENGTH } from '../aggregates/aggregate-time';
import type { DaySum } from './closed-sums';

/** Sums by day and in total, for `days` days up to the one that begins at `today`. */
export function summarize(sums: Iterable<DaySum>, today: Milliseconds, days: number): Summary {
  const byDay = new Map(Array.from({ length: days }, (_, age) => [dayName(today - age * BUCKET_LENGTH.day), zeros()]));
  const totals = zeros();
  for (const { day, verb, count } of sums) {
    const counts = byDay.get(day);
    // A future day: the clock of the event's writer was ahead.
    if (!counts) continue;
    counts[verb] += count;
    totals[verb] += count;
  }
  return { totals, days: Array.from(byDay, ([day, counts]) => ({ day, ...counts })) };
}

/** `2019-02-10`. */
export const dayName = (time: Milliseconds): string => new Date(time).toISOString().slice(0, '2019-02-10'.length);

const zeros = () => Object.fromEntries(VERBS.map((verb) => [verb, 0])) as VerbCounts;

import { type Summary, VERBS, type VerbCounts } from '@activity-feed/contracts';
import { BUCKET_LENGTH } from '../aggregates/aggregate-time';
import type { DaySum } from './closed-sums';

/** Sums for every one of `days` days, the last of which begins at `today` (milliseconds since 1970), and for all. */
export function summarize(sums: Iterable<DaySum>, today: number, days: number): Summary {
  const byDay = new Map(Array.from({ length: days }, (_, age) => [dayName(today - age * BUCKET_LENGTH.day), zeros()]));
  const totals = zeros();
  for (const { day, verb, count } of sums) {
    const counts = byDay.get(day);
    // A day to come, of an event whose writer's clock was fast.
    if (!counts) continue;
    counts[verb] += count;
    totals[verb] += count;
  }
  return { totals, days: Array.from(byDay, ([day, counts]) => ({ day, ...counts })) };
}

/** `2019-02-10`, of a time in milliseconds since 1970. */
export const dayName = (time: number): string => new Date(time).toISOString().slice(0, '2019-02-10'.length);

const zeros = () => Object.fromEntries(VERBS.map((verb) => [verb, 0])) as VerbCounts;

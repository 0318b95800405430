import type { Microseconds } from '@activity-feed/contracts';
import { VERB_MASK } from '../../activity/activity-kinds';
import { DAY } from '../../activity/durations';
import { type RowSource, visitRows } from './visit-rows';
import type { RowsOf } from './walk-lists';

/** Counts by verb code, by the day's start. */
export type DayCounts = Map<Microseconds, number[]>;

export function* sumRows(index: RowSource, of: RowsOf): Generator<undefined, DayCounts> {
  const { rows } = index;
  const days: DayCounts = new Map();
  let day = Number.NaN as Microseconds;
  let counts: number[] = [];
  yield* visitRows(index, of, (row, time) => {
    // Most rows have the same day as the previous one.
    if (!(time >= day && time < day + DAY)) {
      day = (time - (time % DAY)) as Microseconds;
      counts = days.get(day) ?? new Array(VERB_MASK + 1).fill(0);
      days.set(day, counts);
    }
    const verb = rows.kindOf(row) & VERB_MASK;
    counts[verb] = (counts[verb] as number) + 1;
  });
  return days;
}

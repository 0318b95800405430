import { VERBS } from '@activity-feed/contracts';
import type { ActivityRows } from './activity-rows';
import type { ActorLists } from './actor-list';
import { DAY } from './grouped-rows';
import { type RowsOf, walkRows } from './walk-rows';

const VERB_MASK = 0b111;

/** Counts by verb, in the order of VERBS, of each day by its start (microseconds since 1970). */
export type DayCounts = Map<number, number[]>;

/** Counts activities by day. Pauses as {@link walkRows} does. */
export function* sumRows(rows: ActivityRows, lists: ActorLists, of: RowsOf): Generator<undefined, DayCounts> {
  const days: DayCounts = new Map();
  yield* walkRows(rows, lists, of, (row, time) => {
    const day = time - (time % DAY);
    let counts = days.get(day);
    if (!counts) {
      counts = VERBS.map(() => 0);
      days.set(day, counts);
    }
    const verb = rows.kindOf(row) & VERB_MASK;
    counts[verb] = (counts[verb] as number) + 1;
  });
  return days;
}

import { VERBS } from '@activity-feed/contracts';
import type { ActivityRows } from './activity-rows';
import type { ActorLists } from './actor-list';
import { DAY } from './grouped-rows';

const VERB_MASK = 0b111;

/** Counts by verb, in the order of VERBS, of each day by its start (microseconds since 1970). */
export type DayCounts = Map<number, number[]>;

/** Counts what `actors` did on the days from `from` (microseconds, a day's start) on. */
export function sumRows(rows: ActivityRows, lists: ActorLists, actors: Uint32Array, from: number): DayCounts {
  const days: DayCounts = new Map();
  for (let index = 0; index < actors.length; index++) {
    for (let row = lists.newest(actors[index] as number); row !== undefined; row = lists.after(row)) {
      const time = rows.timeOf(row);
      if (time < from) break;
      const day = time - (time % DAY);
      let counts = days.get(day);
      if (!counts) {
        counts = VERBS.map(() => 0);
        days.set(day, counts);
      }
      const verb = rows.kindOf(row) & VERB_MASK;
      counts[verb] = (counts[verb] as number) + 1;
    }
  }
  return days;
}

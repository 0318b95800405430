import type { Microseconds } from '@activity-feed/contracts';
import { LOWEST_ID } from '../../activity/positions';
import type { ActivityRows, Row } from '../rows/activity-rows';
import type { ActorLists } from '../rows/actor-list';
import { ACTORS_PER_TURN } from './select-actors';
import type { Visibility } from './view';

/** Rows or actors processed before a pause. */
const TURN = 20_000;
/** Cost of finding a position in the middle of a list, in visited rows. */
const SEARCH_COST = TURN / ACTORS_PER_TURN;

/** Actors whose newest rows are found together. */
const TOGETHER = 32;

/** Rows of actors in a time range that are not hidden. `to` is exclusive; without it the range has no end. */
export interface RowsOf {
  actors: Uint32Array;
  from: Microseconds;
  to?: Microseconds | undefined;
  visibility?: Visibility | undefined;
}

/**
 * Visits rows actor by actor, each actor's newest first. If `visit` returns false, the actor's older rows are skipped. Pauses
 * between actors now and then. Rows may be evicted during a pause: a caller that needs the whole range must check at the end
 * that the index still covers it.
 */
export function* walkLists(
  rows: ActivityRows,
  lists: ActorLists,
  { actors, from, to, visibility }: RowsOf,
  visit: (row: Row, time: Microseconds, actor: number) => unknown,
): Generator<undefined, void> {
  const before = to === undefined ? undefined : { time: to, id: LOWEST_ID };
  let seen = 0;
  for (let next = 0; next < actors.length; ) {
    const some = actors.subarray(next, next + TOGETHER);
    const newest = before ? lists.newestOfEachBefore(some, before) : Array.from(some, (actor) => lists.newest(actor));
    let place = 0;
    for (; place < some.length && seen < TURN; place++) {
      const actor = some[place] as number;
      seen += before ? SEARCH_COST : 1;
      for (let row = newest[place]; row !== undefined; row = lists.after(row)) {
        const time = rows.timeOf(row);
        if (time < from) break;
        seen++;
        if (!visibility?.hides(row) && visit(row, time, actor) === false) break;
      }
    }
    next += place;
    if (seen < TURN) continue;
    seen = 0;
    // Rows may be evicted or hidden in the meantime: the next actors' rows are searched again.
    yield;
  }
}

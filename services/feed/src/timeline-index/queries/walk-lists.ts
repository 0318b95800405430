import type { Position } from '../../activity/positions';
import type { ActivityRows, Row } from '../rows/activity-rows';
import type { ActorLists } from '../rows/actor-list';
import { ACTORS_PER_TURN } from './select-actors';

/** Rows or actors after which others may have their turn. */
const TURN = 20_000;
/** Rows that are visited in the time in which an actor's place in the middle of the list is found. */
const PLACE_FOUND = TURN / ACTORS_PER_TURN;

/** Below every event's. */
const LOWEST_ID: Position['id'] = [0, 0, 0, 0];

/** What actors did in a stretch of time: microseconds since 1970, `from` included, `to` not; without `to` until now. */
export interface RowsOf {
  actors: Uint32Array;
  from: number;
  to?: number | undefined;
}

/**
 * Visits actors' rows, one actor after the other, each's newest first. Pauses between actors at times: other calls may
 * come in between, so that whoever needs all of the stretch asks at the end whether the index still covers it.
 */
export function* walkLists(
  rows: ActivityRows,
  lists: ActorLists,
  { actors, from, to }: RowsOf,
  visit: (row: Row, time: number, actor: number) => void,
): Generator<undefined, void> {
  const before = to === undefined ? undefined : { time: to, id: LOWEST_ID };
  let seen = 0;
  for (const actor of actors) {
    seen += before ? PLACE_FOUND : 1;
    let row = before ? lists.newestBefore(actor, before) : lists.newest(actor);
    for (; row !== undefined; row = lists.after(row)) {
      const time = rows.timeOf(row);
      if (time < from) break;
      visit(row, time, actor);
      seen++;
    }
    if (seen < TURN) continue;
    seen = 0;
    yield;
  }
}

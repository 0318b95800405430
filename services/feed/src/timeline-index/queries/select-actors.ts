import type { Position } from '../../activity/positions';
import type { ActivityRows } from '../rows/activity-rows';
import type { ActorLists } from '../rows/actor-list';

/** Actors after which others may have their turn: 1 to 4 ms where their lists are long and not in the cache. */
export const ACTORS_AT_ONCE = 500;
/** So many are compared in the time in which one is looked up. */
const COMPARED = 200;

/**
 * Those of many actors who alone can be on a page of `limit` rows before a place, or of the newest: by the time of each
 * one's first row there. Pauses between actors, so that one who follows a million keeps nobody waiting; the rows of the
 * page are then looked for among the few, in one piece.
 */
export function* selectActors(
  rows: ActivityRows,
  lists: ActorLists,
  actors: Uint32Array,
  limit: number,
  before?: Position,
): Generator<undefined, Uint32Array> {
  const times = new Float64Array(actors.length);
  /** The latest so far, ascending. */
  const latest = new Float64Array(limit).fill(Number.NEGATIVE_INFINITY);
  for (let index = 0; index < actors.length; index++) {
    if (index > 0 && index % ACTORS_AT_ONCE === 0) yield;
    const actor = actors[index] as number;
    const row = before ? lists.newestBefore(actor, before) : lists.newest(actor);
    const time = row === undefined ? Number.NEGATIVE_INFINITY : rows.timeOf(row);
    times[index] = time;
    if (time > (latest[0] as number)) insert(latest, time);
  }
  // Of the same time as the last one are as many as there are: ids decide later.
  const threshold = Math.max(latest[0] as number, -Number.MAX_VALUE);
  const selected: number[] = [];
  for (let index = 0; index < actors.length; index++) {
    if (index > 0 && index % (COMPARED * ACTORS_AT_ONCE) === 0) yield;
    if ((times[index] as number) >= threshold) selected.push(actors[index] as number);
  }
  return Uint32Array.from(selected);
}

/** Puts `time` where it belongs, in the place of the earliest. */
function insert(latest: Float64Array, time: number): void {
  let place = 0;
  while (place + 1 < latest.length && (latest[place + 1] as number) < time) {
    latest[place] = latest[place + 1] as number;
    place++;
  }
  latest[place] = time;
}

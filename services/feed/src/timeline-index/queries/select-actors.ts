import type { Position } from '../../activity/positions';
import type { ActivityRows } from '../rows/activity-rows';
import type { ActorLists } from '../rows/actor-list';

/** Actors after which others may have their turn: 1 to 4 ms where their lists are long and not in the cache. */
export const ACTORS_PER_TURN = 500;

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
  /** The latest so far, ascending. */
  const latest = new Float64Array(limit).fill(Number.NEGATIVE_INFINITY);
  // An array of all times, page after page, would have the garbage collector stop everybody.
  let candidates: Candidate[] = [];
  let most = 4 * limit + 64;
  for (let index = 0; index < actors.length; index++) {
    if (index > 0 && index % ACTORS_PER_TURN === 0) yield;
    const actor = actors[index] as number;
    const row = before ? lists.newestBefore(actor, before) : lists.newest(actor);
    if (row === undefined) continue;
    const time = rows.timeOf(row);
    // Of the same time as the last one are as many as there are: ids decide later.
    if (time < (latest[0] as number)) continue;
    if (time > (latest[0] as number)) insert(latest, time);
    candidates.push({ actor, time });
    if (candidates.length < most) continue;
    candidates = notBefore(candidates, latest[0] as number);
    most = Math.max(most, 2 * candidates.length);
  }
  return Uint32Array.from(notBefore(candidates, latest[0] as number), ({ actor }) => actor);
}

interface Candidate {
  readonly actor: number;
  /** Of its first row. */
  readonly time: number;
}

const notBefore = (candidates: readonly Candidate[], threshold: number) =>
  candidates.filter(({ time }) => time >= threshold);

/** Puts `time` where it belongs, in the place of the earliest. */
function insert(latest: Float64Array, time: number): void {
  let place = 0;
  while (place + 1 < latest.length && (latest[place + 1] as number) < time) {
    latest[place] = latest[place + 1] as number;
    place++;
  }
  latest[place] = time;
}

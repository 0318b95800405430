import type { Position } from '../../activity/positions';
import type { ActivityRows } from '../rows/activity-rows';
import type { ActorLists } from '../rows/actor-list';

/** Actors processed before a pause: 1 to 4 ms if their lists are long and not in the CPU cache. */
export const ACTORS_PER_TURN = 500;

/**
 * The actors that can be on a page of `limit` rows before a position, or of the newest rows: those with the latest first
 * row there. Pauses between actors, so that a user who follows a million does not block other reads. The page is then
 * merged from the selected actors without a pause.
 */
export function* selectActors(
  rows: ActivityRows,
  lists: ActorLists,
  actors: Uint32Array,
  limit: number,
  before?: Position,
): Generator<undefined, Uint32Array> {
  /** The `limit` latest times so far, ascending. */
  const latest = new Float64Array(limit).fill(Number.NEGATIVE_INFINITY);
  // An array of all times for each page would cause long garbage collections.
  let candidates: Candidate[] = [];
  let most = 4 * limit + 64;
  for (let index = 0; index < actors.length; index++) {
    if (index > 0 && index % ACTORS_PER_TURN === 0) yield;
    const actor = actors[index] as number;
    const row = before ? lists.newestBefore(actor, before) : lists.newest(actor);
    if (row === undefined) continue;
    const time = rows.timeOf(row);
    // Actors with the time of the last one are all kept: ids decide later.
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
  readonly time: number;
}

const notBefore = (candidates: readonly Candidate[], threshold: number) =>
  candidates.filter(({ time }) => time >= threshold);

/** Inserts `time` in order, and drops the earliest. */
function insert(latest: Float64Array, time: number): void {
  let place = 0;
  while (place + 1 < latest.length && (latest[place + 1] as number) < time) {
    latest[place] = latest[place + 1] as number;
    place++;
  }
  latest[place] = time;
}

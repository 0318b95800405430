import type { Microseconds } from '@activity-feed/contracts';
import type { Position } from '../../activity/positions';
import type { ActivityRows } from '../rows/activity-rows';
import type { ActorLists } from '../rows/actor-list';
import type { Visibility } from './view';

/** Actors processed before a pause: 1 to 4 ms if their lists are long and not in the CPU cache. */
export const ACTORS_PER_TURN = 500;

/** Rows that the viewer may not see, before a pause. */
const HIDDEN_PER_TURN = 5_000;

/** Actors selected beyond those of a page, so that the page can be full although rows are hidden during pauses. */
const SPARE = 50;

export interface Selection {
  actors: Uint32Array;
  /** The selected actors alone have all rows from this time on, up to the position; minus infinity if they have all. */
  since: Microseconds;
}

/**
 * The actors that can be on a page of `limit` rows before a position, or of the newest rows: those with the latest first
 * row there, and some more. Pauses between actors, so that a user who follows a million does not block other reads. The
 * page is then merged from the selected actors without a pause. Rows may be hidden during the pauses: if the page then
 * reaches back beyond `since`, the selection must be repeated.
 */
export function* selectActors(
  rows: ActivityRows,
  lists: ActorLists,
  actors: Uint32Array,
  limit: number,
  before?: Position,
  visibility?: Visibility,
): Generator<undefined, Selection> {
  const wanted = limit + SPARE;
  /** The `wanted` latest times so far, ascending. */
  const latest = new Float64Array(wanted).fill(Number.NEGATIVE_INFINITY);
  // An array of all times for each page would cause long garbage collections.
  let candidates: Candidate[] = [];
  let hidden = 0;
  let most = 4 * wanted + 64;
  for (let index = 0; index < actors.length; index++) {
    if (index > 0 && index % ACTORS_PER_TURN === 0) yield;
    const actor = actors[index] as number;
    let row = before ? lists.newestBefore(actor, before) : lists.newest(actor);
    while (row !== undefined && visibility?.hides(row)) {
      if (++hidden % HIDDEN_PER_TURN === 0) yield;
      row = rows.has(row) ? lists.after(row) : undefined;
    }
    if (row === undefined || !rows.has(row)) continue;
    const time = rows.timeOf(row);
    // Actors with the time of the last one are all kept: ids decide later.
    if (time < (latest[0] as number)) continue;
    if (time > (latest[0] as number)) insert(latest, time);
    candidates.push({ actor, time });
    if (candidates.length < most) continue;
    candidates = notBefore(candidates, latest[0] as number);
    most = Math.max(most, 2 * candidates.length);
  }
  const since = latest[0] as Microseconds;
  return { actors: Uint32Array.from(notBefore(candidates, since), ({ actor }) => actor), since };
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

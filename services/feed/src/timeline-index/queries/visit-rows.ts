import type { Microseconds } from '@activity-feed/contracts';
import type { ActivityRows, Row } from '../rows/activity-rows';
import type { ActorLists } from '../rows/actor-list';
import { costOfScan, rowsOfActors, segmentsIn } from '../rows/scan-rows';
import type { UserTable } from '../rows/user-table';
import { inPieces } from './in-pieces';
import { type RowsOf, walkLists } from './walk-lists';

/** Cost of reaching a row through its actor's list, which waits for memory, relative to a row in a sequential scan. */
const LIST_STEP = 48;

const FOREVER = Number.POSITIVE_INFINITY as Microseconds;

export interface RowSource {
  rows: ActivityRows;
  users: UserTable;
  lists: ActorLists;
}

/**
 * Visits actors' rows in no particular order: by their lists, or, if the actors have a large part of all rows, by scanning
 * every row of the time range. Pauses as {@link walkLists} does.
 */
export function* visitRows(
  source: RowSource,
  of: RowsOf,
  visit: (row: Row, time: Microseconds) => void,
): Generator<undefined, void> {
  if (yield* isScanFaster(source, of)) yield* scanRows(source, of, visit);
  else yield* walkLists(source.rows, source.lists, of, visit);
}

/** Whether scanning every row takes less time than following the actors' lists. */
export function* isScanFaster(
  { rows, users }: RowSource,
  { actors, from, to = FOREVER }: RowsOf,
): Generator<undefined, boolean> {
  let rowsOfActors = 0;
  yield* inPieces(actors, (actor) => {
    rowsOfActors += users.lengthOf(actor);
  });
  // An estimate: both counts include evicted rows, and the actors may have more in some days than in others.
  const share = rowsOfActors / Math.max(1, rows.total);
  const { read, within } = costOfScan(rows, { from, to });
  return LIST_STEP * share * within >= read;
}

/** Visits the rows by a scan. Pauses after each segment. */
export function* scanRows(
  { rows, users, lists }: RowSource,
  { actors, from, to = FOREVER, visibility }: RowsOf,
  visit: (row: Row, time: Microseconds) => void,
): Generator<undefined, void> {
  const isWanted = new Uint8Array(users.count);
  yield* inPieces(actors, (actor) => {
    isWanted[actor] = 1;
  });
  const range = { from, to };
  for (const first of segmentsIn(rows, range)) {
    const segment = rows.segmentAt(first);
    if (!segment) continue;
    for (const piece of rowsOfActors(segment, isWanted, range)) {
      for (const row of piece) {
        if (!lists.isPending(row) && !visibility?.hides(row)) visit(row, rows.timeOf(row));
      }
    }
    yield;
  }
}

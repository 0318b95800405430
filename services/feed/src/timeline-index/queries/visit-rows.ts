import type { Microseconds } from '@activity-feed/contracts';
import type { ActivityRows, Row } from '../rows/activity-rows';
import type { ActorLists } from '../rows/actor-list';
import type { UserTable } from '../rows/user-table';
import { inPieces } from './in-pieces';
import { type RowsOf, walkLists } from './walk-lists';

/** Cost of reaching a row through its actor's list, relative to a row in a sequential scan. */
const LIST_STEP = 12;

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
  const { rows, users, lists } = source;
  // An estimate: both counts include evicted rows.
  let rowsOfActors = 0;
  yield* inPieces(of.actors, (actor) => {
    rowsOfActors += users.lengthOf(actor);
  });
  if (LIST_STEP * rowsOfActors < rows.total) yield* walkLists(rows, lists, of, visit);
  else yield* scanRows(source, of, visit);
}

function* scanRows(
  { rows, users, lists }: RowSource,
  { actors, from, to = FOREVER, visibility }: RowsOf,
  visit: (row: Row, time: Microseconds) => void,
): Generator<undefined, void> {
  const isWanted = new Uint8Array(users.count);
  yield* inPieces(actors, (actor) => {
    isWanted[actor] = 1;
  });
  for (const segment of rows.segmentsSince(from)) {
    for (const row of rows.rowsIn(segment, isWanted, from, to)) {
      if (!lists.isPending(row) && !visibility?.hides(row)) visit(row, rows.timeOf(row));
    }
    yield;
  }
}

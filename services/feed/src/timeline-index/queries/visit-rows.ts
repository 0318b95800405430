import type { ActivityRows, Row } from '../rows/activity-rows';
import type { ActorLists } from '../rows/actor-list';
import type { UserTable } from '../rows/user-table';
import { inPieces } from './in-pieces';
import { type RowsOf, walkLists } from './walk-lists';

/** A row found by its actor's list costs as much as so many that are looked at where they lie. */
const LIST_STEP = 12;

/** What rows are found by. */
export interface RowSource {
  rows: ActivityRows;
  users: UserTable;
  lists: ActorLists;
}

/**
 * Visits actors' rows in no order: by their lists, or, of actors who have much of all there is, by looking at every row of
 * the time. Pauses at times as {@link walkLists} does.
 */
export function* visitRows(
  source: RowSource,
  of: RowsOf,
  visit: (row: Row, time: number) => void,
): Generator<undefined, void> {
  const { rows, users, lists } = source;
  // Both with what has left memory.
  let theirs = 0;
  yield* inPieces(of.actors, (actor) => {
    theirs += users.lengthOf(actor);
  });
  if (LIST_STEP * theirs < rows.total) yield* walkLists(rows, lists, of, visit);
  else yield* scanRows(rows, users, of, visit);
}

function* scanRows(
  rows: ActivityRows,
  users: UserTable,
  { actors, from, to = Number.POSITIVE_INFINITY }: RowsOf,
  visit: (row: Row, time: number) => void,
): Generator<undefined, void> {
  const isWanted = new Uint8Array(users.count);
  yield* inPieces(actors, (actor) => {
    isWanted[actor] = 1;
  });
  for (const segment of rows.segmentsSince(from)) {
    for (const row of rows.rowsIn(segment, isWanted, from, to)) visit(row, rows.timeOf(row));
    yield;
  }
}

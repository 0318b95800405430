import type { Microseconds } from '@activity-feed/contracts';
import { readKind } from '../../activity/activity-kinds';
import type { ActivityRows, Row } from '../rows/activity-rows';
import type { ActorLists } from '../rows/actor-list';
import type { DeletedObjects } from '../rows/deleted-objects';
import type { RecentEngagement } from '../rows/recent-engagement';
import { DELETED, UNDONE } from '../rows/row-segment';
import { rowsAbout } from '../rows/scan-rows';

/** Rows hidden or shown before a pause: some milliseconds. */
const ROWS_PER_TURN = 1_000;

export interface ObjectsSource {
  rows: ActivityRows;
  lists: ActorLists;
  recent: RecentEngagement;
  objects: DeletedObjects;
  readonly floor: Microseconds;
}

/**
 * Hides the rows of deleted objects and shows those of restored ones, by passes over all rows until no object is pending.
 * Calls `onSettled` with the users in whose streams the
 * objects were changed. Pauses after each segment and some thousand rows.
 */
export function* settleObjects(
  source: ObjectsSource,
  onSettled: (users: ReadonlySet<number>) => void,
): Generator<undefined, void> {
  const { rows, objects } = source;
  for (let keys = objects.beginPass(); keys; keys = objects.beginPass()) {
    for (const first of rows.everySegment()) {
      const segment = rows.segmentAt(first);
      if (!segment) continue;
      let settled = 0;
      for (const row of rowsAbout(rows, segment, keys)) {
        if (++settled % ROWS_PER_TURN === 0) yield;
        if (!rows.has(row)) break;
        settle(source, row);
      }
      yield;
    }
    onSettled(objects.endPass(keys));
  }
}

/** Rows at and below the floor are in no answer, and need not be in their actor's list any more. */
function settle({ rows, lists, recent, objects, floor }: ObjectsSource, row: Row): void {
  const time = rows.timeOf(row);
  if (time <= floor) return;
  const isDeleted = rows.keysOf(row).some((key) => objects.isDeleted(key));
  if (isDeleted === rows.isMarked(row, DELETED)) return;
  const isUndone = rows.isMarked(row, UNDONE);
  const kind = rows.kindOf(row);
  const { verb, objectType } = readKind(kind);
  const objectId = rows.objectIdOf(row);
  if (isDeleted) {
    if (isUndone) rows.mark(row, DELETED);
    else {
      lists.hide(row, DELETED);
      if (objectType !== null) recent.remove(verb, objectType, objectId, time);
    }
    return;
  }
  rows.unmark(row, DELETED);
  if (isUndone) return;
  const actor = rows.actorOf(row);
  if (objects.isUndone(actor, kind, objectId, time)) {
    rows.mark(row, UNDONE);
    return;
  }
  lists.show(row);
  if (objectType !== null) recent.add(verb, objectType, objectId, rows.targetOf(row), time);
}

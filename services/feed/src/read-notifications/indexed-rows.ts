import {
  isAboutPeople,
  type LogPlace,
  type LogPosition,
  type Microseconds,
  type NotificationVerb,
} from '@activity-feed/contracts';
import { hasObject, KIND_COUNT, notificationOf, readKind, typeCodeOfKind } from '../activity/activity-kinds';
import { NOTICE_VERBS } from '../activity/notices';
import { objectKey } from '../activity/object-key';
import type { Position } from '../activity/positions';
import type { View } from '../timeline-index/queries/view';
import type { ActivityRows, Row } from '../timeline-index/rows/activity-rows';
import { DELETED, UNDONE } from '../timeline-index/rows/row-segment';
import type { TimelineIndex } from '../timeline-index/timeline-index';
import { dayOf } from './notification-groups';
import type { NotifiedRow, RowDetails, RowsOfDay } from './notified-row';

/** Rows that are passed on at once, at most. */
const PIECE = 2_000;

export interface IndexedRowsAsked {
  /** A user number. */
  user: number;
  view: View | undefined;
  from: Microseconds;
  /** Exclusive; without it the range has no end. */
  to?: Microseconds | undefined;
  /** Only rows that were added before there were that many in all. */
  total?: number | undefined;
}

/** Thrown for a row that was evicted after it was passed on: the caller must begin again. */
export class RowEvicted extends Error {}

/**
 * The rows that concern a user in a time range, newest first, from memory. Pauses after some thousand rows, by `undefined`. Rows
 * may be evicted meanwhile: a caller that needs the whole range must check at the end that the index still covers it.
 */
export function* indexedRows(
  index: TimelineIndex,
  { user, view, from, to = Number.POSITIVE_INFINITY as Microseconds, total }: IndexedRowsAsked,
): Generator<RowsOfDay | undefined, void> {
  const { rows, notifications } = index;
  const { targets } = notifications;
  const visited = new VisitedRow(index, view);
  let day = Number.NaN as Microseconds;
  let piece: Row[] = [];
  let passed = 0;
  for (let row = targets.first(user); row !== undefined; row = targets.next(row)) {
    const time = rows.timeOf(row);
    if (time < from) break;
    if (time < to && (total === undefined || isBefore(row, total))) {
      if (time < day) {
        yield new IndexedRowsOfDay(day, piece, visited);
        if (!rows.has(row)) return;
        piece = [];
      }
      if (piece.length === 0) day = dayOf(time);
      piece.push(row);
    }
    if (++passed % PIECE > 0) continue;
    if (piece.length > 0) yield new IndexedRowsOfDay(day, piece, visited);
    piece = [];
    yield undefined;
    if (!rows.has(row)) return;
  }
  if (piece.length > 0) yield new IndexedRowsOfDay(day, piece, visited);
}

/** Rows are numbered in the order in which they are added, modulo 2^32. */
const isBefore = (row: Row, total: number): boolean => (row - total) >>> 0 >= 2 ** 31;

class IndexedRowsOfDay implements RowsOfDay {
  readonly areIndexed = true;

  constructor(
    readonly day: Microseconds,
    private readonly rows: readonly Row[],
    private readonly visited: VisitedRow,
  ) {}

  visit(each: (row: NotifiedRow) => void): void {
    const { rows, visited } = this;
    for (const row of rows) {
      visited.moveTo(row);
      // A row is the same object each time: one for each row would keep the garbage collector busy.
      each(visited as NotifiedRow);
    }
  }
}

/** By kind, as it is needed of every row. Notices are in no actor's list, and marked as if taken back. */
const CAN_END = Array.from({ length: KIND_COUNT }, (_, kind) => {
  const verb = notificationOf(kind);
  return verb === 'follow' || (NOTICE_VERBS as readonly unknown[]).includes(verb);
});
const VERB_OF_KIND = Array.from({ length: KIND_COUNT }, (_, kind) => notificationOf(kind));

/** The row that is visited. Reads its fields when they are asked for. */
class VisitedRow implements NotifiedRow<Row>, RowDetails<Row> {
  readonly details = this;
  handle: Row = 0;
  private kind = 0;

  constructor(
    private readonly index: TimelineIndex,
    private readonly view: View | undefined,
  ) {}

  moveTo(row: Row): void {
    this.handle = row;
    this.kind = this.rowsWith(row).kindOf(row);
  }

  get time(): Microseconds {
    return this.index.rows.timeOf(this.handle);
  }

  get verb(): NotificationVerb {
    return VERB_OF_KIND[this.kind] as NotificationVerb;
  }

  get actor(): number {
    return this.index.rows.actorOf(this.handle);
  }

  get objectType(): NotifiedRow['objectType'] {
    return readKind(this.kind).objectType;
  }

  get objectId(): number | null {
    return hasObject(this.kind) ? this.index.rows.objectIdOf(this.handle) : null;
  }

  get objectKey(): number {
    return hasObject(this.kind) ? objectKey(typeCodeOfKind(this.kind), this.index.rows.objectIdOf(this.handle)) : 0;
  }

  get isShown(): boolean {
    const { index, handle, kind, view } = this;
    return isShown(index, handle, kind) && !(view && hides(view, index, handle, this.verb));
  }

  positionOf(row: Row): Position {
    return this.rowsWith(row).positionOf(row);
  }

  placeOf(row: Row): LogPlace | undefined {
    return this.rowsWith(row).placeOf(row);
  }

  isIn(row: Row, position: LogPosition): boolean {
    return this.rowsWith(row).isIn(row, position);
  }

  commentIdOf(row: Row): number | null {
    return this.rowsWith(row).commentIdOf(row) ?? null;
  }

  userIdOf(actor: number): number {
    return this.index.users.idOf(actor);
  }

  private rowsWith(row: Row): ActivityRows {
    const { rows } = this.index;
    if (!rows.has(row)) throw new RowEvicted();
    return rows;
  }
}

/** Whether it holds, and is about nothing that was deleted. */
function isShown({ rows, lists }: TimelineIndex, row: Row, kind: number): boolean {
  if (rows.isMarked(row, DELETED) || lists.isPending(row)) return false;
  return CAN_END[kind] ? !rows.hasEnded(row) : !rows.isMarked(row, UNDONE);
}

/** Who follows a user, or asks to, may have a private account. */
export const hides = (view: View, { rows }: TimelineIndex, row: Row, verb: NotificationVerb): boolean =>
  isAboutPeople(verb) ? view.denies(rows.actorOf(row)) : view.hides(row);

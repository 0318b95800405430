import { isAboutPeople, type LogPosition, type Microseconds, type NotificationVerb } from '@activity-feed/contracts';
import { hasObject, KIND_COUNT, notificationOf, readKind, typeCodeOfKind } from '../activity/activity-kinds';
import { NOTICE_VERBS } from '../activity/notices';
import { objectKey } from '../activity/object-key';
import type { View } from '../timeline-index/queries/view';
import type { ActivityRows, Row } from '../timeline-index/rows/activity-rows';
import { DELETED, UNDONE } from '../timeline-index/rows/row-segment';
import type { TimelineIndex } from '../timeline-index/timeline-index';
import type { NotifiedRow } from './notification-groups';

/** Rows that are passed on at once. */
const PIECE = 1_000;

export interface IndexedRowsAsked {
  /** A user number. */
  user: number;
  view: View | undefined;
  from: Microseconds;
  /** Exclusive; without it the range has no end. */
  to?: Microseconds | undefined;
}

/**
 * The rows that concern a user in a time range, newest first, from memory. Rows may be evicted between pieces: a caller that
 * needs the whole range must check at the end that the index still covers it.
 */
export function* indexedRows(
  index: TimelineIndex,
  { user, view, from, to = Number.POSITIVE_INFINITY as Microseconds }: IndexedRowsAsked,
): Generator<NotifiedRow[], void> {
  const { rows, notifications } = index;
  const { targets } = notifications;
  let piece: NotifiedRow[] = [];
  let passed = 0;
  for (let row = targets.first(user); row !== undefined; row = targets.next(row)) {
    const time = rows.timeOf(row);
    if (time < from) break;
    passed++;
    if (time < to) piece.push(new IndexedRow(index, row, view));
    if (passed < PIECE) continue;
    yield piece;
    piece = [];
    passed = 0;
    if (!rows.has(row)) return;
  }
  yield piece;
}

const VERB_OF_KIND = Array.from({ length: KIND_COUNT }, (_, kind) => notificationOf(kind));

/** Thrown for a row that was evicted after it was passed on: the caller must begin again. */
export class RowEvicted extends Error {}

/** Reads its fields when they are asked for. */
class IndexedRow implements NotifiedRow {
  readonly verb: NotificationVerb;
  readonly actorId: number;
  readonly isShown: boolean;
  private readonly kind: number;

  constructor(
    private readonly index: TimelineIndex,
    private readonly row: Row,
    view: View | undefined,
  ) {
    const { rows, users } = index;
    this.kind = rows.kindOf(row);
    this.verb = VERB_OF_KIND[this.kind] as NotificationVerb;
    this.actorId = users.idOf(rows.actorOf(row));
    this.isShown = isShown(index, row, this.verb) && !hides(index, row, this.verb, view);
  }

  get time() {
    return this.rows.timeOf(this.row);
  }

  get position() {
    return this.rows.positionOf(this.row);
  }

  get objectType() {
    return readKind(this.kind).objectType;
  }

  get objectId() {
    return hasObject(this.kind) ? this.rows.objectIdOf(this.row) : null;
  }

  get objectKey() {
    return hasObject(this.kind) ? objectKey(typeCodeOfKind(this.kind), this.rows.objectIdOf(this.row)) : 0;
  }

  get place() {
    return this.rows.placeOf(this.row);
  }

  isIn(position: LogPosition): boolean {
    return this.rows.isIn(this.row, position);
  }

  get commentId() {
    return this.rows.commentIdOf(this.row) ?? null;
  }

  private get rows(): ActivityRows {
    const { rows } = this.index;
    if (!rows.has(this.row)) throw new RowEvicted();
    return rows;
  }
}

/** Notices are in no actor's list, and marked as if taken back. */
const canEnd = (verb: NotificationVerb): boolean =>
  verb === 'follow' || (NOTICE_VERBS as readonly string[]).includes(verb);

/** Whether it holds, and is about nothing that was deleted. */
function isShown({ rows, lists }: TimelineIndex, row: Row, verb: NotificationVerb): boolean {
  if (rows.isMarked(row, DELETED) || lists.isPending(row)) return false;
  return canEnd(verb) ? !rows.hasEnded(row) : !rows.isMarked(row, UNDONE);
}

/** Who follows a user, or asks to, may have a private account. */
function hides({ rows }: TimelineIndex, row: Row, verb: NotificationVerb, view: View | undefined): boolean {
  if (!view) return false;
  return isAboutPeople(verb) ? view.denies(rows.actorOf(row)) : view.hides(row);
}

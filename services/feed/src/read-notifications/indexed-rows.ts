import { isAboutPeople, type LogPosition, type Microseconds, type NotificationVerb } from '@activity-feed/contracts';
import { KIND_COUNT, notificationOf, readKind, typeCodeOfKind } from '../activity/activity-kinds';
import { NOTICE_VERBS } from '../activity/notices';
import { objectKey } from '../activity/object-key';
import type { View } from '../timeline-index/queries/view';
import type { Row } from '../timeline-index/rows/activity-rows';
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
    if (time < to) piece.push(new IndexedRow(index, row, time, view));
    if (passed < PIECE) continue;
    yield piece;
    piece = [];
    passed = 0;
    if (!rows.has(row)) return;
  }
  yield piece;
}

const KINDS = Array.from({ length: KIND_COUNT }, (_, kind) => ({
  verb: notificationOf(kind) as NotificationVerb,
  objectType: readKind(kind).objectType,
  typeCode: typeCodeOfKind(kind),
}));

/** Reads the less common fields when they are asked for. */
class IndexedRow implements NotifiedRow {
  readonly time: Microseconds;
  readonly verb: NotificationVerb;
  readonly objectType: NotifiedRow['objectType'];
  readonly objectId: number | null;
  readonly objectKey: number;
  readonly actorId: number;
  readonly isShown: boolean;

  constructor(
    private readonly index: TimelineIndex,
    private readonly row: Row,
    time: Microseconds,
    view: View | undefined,
  ) {
    const { rows, users } = index;
    const { verb, objectType, typeCode } = KINDS[rows.kindOf(row)] as (typeof KINDS)[number];
    this.time = time;
    this.verb = verb;
    this.objectType = objectType;
    this.objectId = objectType === null ? null : rows.objectIdOf(row);
    this.objectKey = this.objectId === null ? 0 : objectKey(typeCode, this.objectId);
    this.actorId = users.idOf(rows.actorOf(row));
    this.isShown = isShown(index, row, verb) && !hides(index, row, verb, view);
  }

  get position() {
    return this.index.rows.positionOf(this.row);
  }

  get place() {
    return this.index.rows.placeOf(this.row);
  }

  isIn(position: LogPosition): boolean {
    return this.index.rows.isIn(this.row, position);
  }

  get commentId() {
    return this.index.rows.commentIdOf(this.row) ?? null;
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

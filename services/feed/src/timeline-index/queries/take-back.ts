import { type Microseconds, type Source, toMicroseconds, verbCode, verbsOf } from '@activity-feed/contracts';
import type { IndexedActivity } from '../../activity/activity';
import { kindOf, readKind, VERB_MASK } from '../../activity/activity-kinds';
import type { AccountChange, Hiding, ObjectState, TakenBack } from '../../activity/effects';
import type { IndexedNotice } from '../../activity/notices';
import { LOWEST_ID, type Position, toPosition } from '../../activity/positions';
import type { Row } from '../rows/activity-rows';
import { UNDONE } from '../rows/row-segment';
import type { UserTable } from '../rows/user-table';
import type { ObjectsSource } from './settle-objects';

export interface TakeBackSource extends ObjectsSource {
  users: UserTable;
}

/** A stream as the database has it. */
export interface StoredStream {
  readonly source: Source;
  readonly stream: number;
  readonly version: number;
  /** The actor's activities from `source` above the floor, those about deleted objects too. */
  readonly activities: readonly IndexedActivity[];
  /** What else its events notify users of, newest first. */
  readonly notices?: readonly IndexedNotice[];
  /** Of the objects that the stream has deleted or restored since the version that the index has. */
  readonly objectStates: readonly ObjectState[];
  /** Whom the user of the stream hides. */
  readonly hidings: readonly Omit<Hiding, 'holds'>[];
  /** To whom the account of the user of the stream is open; undefined for other sources than social-graph. */
  readonly account?: Required<Pick<AccountChange, 'private' | 'suspended'>> | undefined;
}

/** Hides the rows of activities that were taken back, now and after a restore of their object. Returns those hidden now. */
export function takeBack(source: TakeBackSource, { actorId, verb, objectType, objectId, from, to }: TakenBack): Row[] {
  const { rows, users, lists, objects, floor } = source;
  const kind = kindOf({ verb, objectType });
  const end = { time: (toMicroseconds(to) + 1) as Microseconds, id: LOWEST_ID };
  const isMeant = (row: Row) => rows.kindOf(row) === kind && rows.objectIdOf(row) === objectId;
  const actor = users.number(actorId);
  const range = { from: toMicroseconds(from), to: toMicroseconds(to) };
  const hidden = hideFrom(source, lists.firstBefore(actor, end), range.from, isMeant);
  // If some were in the list, so were all, unless a pass is hiding or showing them.
  const mayBeHidden = objects.hasAny && (hidden.length === 0 || objects.pending.size > 0);
  if (mayBeHidden) objects.noteUndone(actor, { kind, objectId, ...range }, floor);
  return hidden;
}

/** Hides the actor's rows from a stream above the floor that the database does not have. */
export function hideAllBut(source: TakeBackSource, actor: number, stored: StoredStream): void {
  const { rows, lists, floor } = source;
  const nameOf = ({ time, id }: Position) => `${time} ${id}`;
  const known = new Set(stored.activities.map((activity) => nameOf(toPosition(activity))));
  const codes = new Set(verbsOf(stored.source).map(verbCode));
  const isMeant = (row: Row) => codes.has(rows.kindOf(row) & VERB_MASK) && !known.has(nameOf(rows.positionOf(row)));
  hideFrom(source, lists.first(actor), (floor + 1) as Microseconds, isMeant);
}

/** Hides those rows for which `isMeant`, from `newest` on down a list to the time `from`. Returns them. */
function hideFrom(
  { rows, lists, recent }: TakeBackSource,
  newest: Row | undefined,
  from: Microseconds,
  isMeant: (row: Row) => boolean,
): Row[] {
  const hidden: Row[] = [];
  for (let row = newest; row !== undefined && rows.timeOf(row) >= from; row = lists.next(row)) {
    if (!isMeant(row)) continue;
    hidden.push(row);
    // The row keeps its link, by which the loop continues.
    lists.hide(row, UNDONE);
    const { verb, objectType } = readKind(rows.kindOf(row));
    if (objectType !== null) recent.remove(verb, objectType, rows.objectIdOf(row), rows.timeOf(row));
  }
  return hidden;
}

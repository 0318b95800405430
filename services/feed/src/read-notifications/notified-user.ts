import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  type ErrorCode,
  type LogPosition,
  type Marks,
  type Microseconds,
  NO_MARKS,
  type UserId,
} from '@activity-feed/contracts';
import type { Pool } from 'pg';
import type { HiddenIds } from '../activity/hiding';
import { LOWEST_ID, type Position } from '../activity/positions';
import { readEpoch } from '../consume-log/log-epoch';
import { readLogPosition } from '../consume-log/stored-position';
import { type MarkedUntil, NEVER, UNKNOWN, type UnmarkedSearch } from '../timeline-index/notifications';
import type { View } from '../timeline-index/queries/view';
import type { TimelineIndex } from '../timeline-index/timeline-index';
import { indexedRows, RowEvicted } from './indexed-rows';
import { type NewerEvents, newerEvents } from './newer-events';
import { toReadMarks } from './notification-groups';
import type { NotifiedRow, RowsOfDay } from './notified-row';
import { storedRows } from './stored-rows';
import { readMarks, readNames } from './stored-state';

/** What there is to notify a user of. */
export interface NotifiedUser {
  /** All rows that concern the user, newest first, an event once. With `to`, only earlier ones; with `asOf`, what the log had there. */
  rows(to?: Microseconds, asOf?: LogPosition): AsyncIterable<RowsOfDay>;
  /** What the rows include of the log. */
  position(): Promise<LogPosition>;
  /** See FeedPosition. */
  epoch(): Promise<number>;
  /** See {@link newerEvents}. */
  newer(since: string, limit: number): NewerEvents | ErrorCode;
  marks(): Promise<Marks>;
  /** Until when all rows are marked by the user's marks. */
  markedUntil(): Promise<MarkedUntil>;
  names(ids: readonly number[]): Promise<ReadonlyMap<number, string>>;
}

/** From the database alone. */
export const storedUser = (pool: Pool, user: UserId, hidden: HiddenIds | undefined): NotifiedUser => ({
  rows: (to, asOf) => within(storedRows(pool, { user, hidden, before: startOf(to) }), asOf),
  position: () => readLogPosition(pool),
  epoch: () => readEpoch(pool),
  // The index is being loaded.
  newer: () => 'SERVICE_UNAVAILABLE',
  marks: () => readMarks(pool, user),
  // Searching for it would take as long as reading all rows.
  markedUntil: async () => UNKNOWN,
  names: (ids) => readNames(pool, ids),
});

/** From memory, and below its floor from the database. `reachDatabase` waits until the latter has what the user must see. */
export function indexedUser(
  index: TimelineIndex,
  pool: Pool,
  user: UserId,
  view: View | undefined,
  reachDatabase: () => Promise<unknown>,
): NotifiedUser {
  const { notifications, users } = index;
  const number = users.find(user);
  /** The position that was asked for, and how many rows there were: comparing the places of all rows would take longer. */
  let asked: { position: LogPosition; total: number } | undefined;
  async function* rowsInMemory(from: Microseconds, to?: Microseconds, total?: number): AsyncGenerator<RowsOfDay> {
    if (number === undefined) return;
    for (const rows of indexedRows(index, { user: number, view, from, to, total })) {
      if (rows) yield rows;
      else await nextTurn();
    }
  }
  return {
    async *rows(to, asOf) {
      // With the start of the first complete day, no day is read from both.
      const from = (index.isComplete ? Math.max(index.floor + 1, 0) : index.firstDay) as Microseconds;
      const isAsked = asOf !== undefined && asked?.position === asOf;
      yield* within(rowsInMemory(from, to, isAsked ? asked?.total : undefined), isAsked ? undefined : asOf);
      // The next attempt reads what is missing from the database.
      if (index.floor >= from) throw new RowEvicted();
      if (index.isComplete) return;
      await reachDatabase();
      yield* within(storedRows(pool, { user, hidden: view?.ids, before: startOf(earlier(from, to)) }), asOf);
    },
    async position() {
      asked = { position: index.log.position, total: index.rows.total };
      return asked.position;
    },
    epoch: async () => index.log.epoch,
    newer: (since, limit) => newerEvents(index, number, since, limit),
    marks: async () => (number === undefined ? NO_MARKS : notifications.marksOf(number)),
    async markedUntil() {
      if (number === undefined) return UNKNOWN;
      const marks = notifications.marksOf(number);
      const search = () =>
        findMarkedUntil(rowsInMemory(0 as Microseconds), marks, notifications.searchUnmarked(number));
      const { seen, read } = await notifications.markedUntil(number, search);
      if (index.isComplete || (marks.seen === null && marks.read === null)) return { seen, read };
      // What is below the floor counts as marked: searching the database for what arrived so late would take too long.
      return { seen: later(seen, index.floor), read: later(read, index.floor) };
    },
    async names(ids) {
      const named = ids.map((id) => [id, users.number(id)] as const).filter(([, one]) => users.names.has(one));
      return new Map(named.map(([id, one]) => [id, users.names.get(one)]));
    },
  };
}

/** Those of the rows that the log had at a position. */
async function* within(rows: AsyncIterable<RowsOfDay>, asOf: LogPosition | undefined): AsyncGenerator<RowsOfDay> {
  for await (const ofDay of rows) {
    if (!asOf) yield ofDay;
    else {
      const { day, areIndexed } = ofDay;
      const visit = (each: (row: NotifiedRow) => void) =>
        ofDay.visit((row) => {
          if (row.details.isIn(row.handle, asOf)) each(row);
        });
      yield { day, areIndexed, visit };
    }
  }
}

async function findMarkedUntil(
  newestFirst: AsyncIterable<RowsOfDay>,
  marks: Marks,
  { until, end }: UnmarkedSearch,
): Promise<MarkedUntil> {
  const { seen, read } = toReadMarks(marks);
  const found = { seen: seen ? NEVER : UNKNOWN.seen, read: read ? NEVER : UNKNOWN.read };
  const isFound = (time: Microseconds) => (!seen || time < until.seen) && (!read || time < until.read);
  for await (const rows of newestFirst) {
    let last = NEVER;
    rows.visit(({ handle, details, time }) => {
      // Newest first, so that the last is the oldest.
      if (seen && !details.isIn(handle, seen)) found.seen = time;
      if (read && !details.isIn(handle, read)) found.read = time;
      last = time;
    });
    if (!(seen || read) || isFound(last)) break;
  }
  return end(found);
}

const earlier = (time: Microseconds, other: Microseconds | undefined): Microseconds =>
  other !== undefined && other < time ? other : time;

const later = (a: Microseconds, b: Microseconds): Microseconds => (a > b ? a : b);

const startOf = (time: Microseconds | undefined): Position | undefined =>
  time === undefined ? undefined : { time, id: LOWEST_ID };

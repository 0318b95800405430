import { setImmediate as nextTurn } from 'node:timers/promises';
import { type LogPosition, type Marks, type Microseconds, NO_MARKS, type UserId } from '@activity-feed/contracts';
import type { Pool } from 'pg';
import type { HiddenIds } from '../activity/hiding';
import { LOWEST_ID, type Position } from '../activity/positions';
import { type MarkedUntil, NEVER, UNKNOWN } from '../timeline-index/notifications';
import type { View } from '../timeline-index/queries/view';
import type { TimelineIndex } from '../timeline-index/timeline-index';
import { indexedRows } from './indexed-rows';
import { type NotifiedRow, toReadMarks } from './notification-groups';
import { storedRows } from './stored-rows';
import { readLogPosition, readMarks, readNames } from './stored-state';

/** What there is to notify a user of. */
export interface NotifiedUser {
  /** All rows that concern the user, newest first, an event once; with `to`, only earlier ones. */
  rows(to?: Microseconds): AsyncIterable<readonly NotifiedRow[]>;
  /** What the rows include of the log. */
  position(): Promise<LogPosition>;
  marks(): Promise<Marks>;
  /** Until when all rows are marked by the user's marks. */
  markedUntil(): Promise<MarkedUntil>;
  names(ids: readonly number[]): Promise<ReadonlyMap<number, string>>;
}

/** From the database alone. */
export const storedUser = (pool: Pool, user: UserId, hidden: HiddenIds | undefined): NotifiedUser => ({
  rows: (to) => storedRows(pool, { user, hidden, before: startOf(to) }),
  position: () => readLogPosition(pool),
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
  async function* rowsInMemory(from: Microseconds, to?: Microseconds): AsyncGenerator<NotifiedRow[]> {
    if (number === undefined) return;
    for (const rows of indexedRows(index, { user: number, view, from, to })) {
      yield rows;
      await nextTurn();
    }
  }
  return {
    async *rows(to) {
      // With the start of the first complete day, no day is read from both.
      const from = (index.isComplete ? Math.max(index.floor + 1, 0) : index.firstDay) as Microseconds;
      let last: Position | undefined;
      for await (const rows of rowsInMemory(from, to)) {
        yield rows;
        last = rows.at(-1)?.position ?? last;
      }
      if (index.isComplete) return;
      await reachDatabase();
      // If rows were evicted meanwhile, the database has those that are missing.
      const before = index.floor < from ? startOf(earlier(from, to)) : last;
      yield* storedRows(pool, { user, hidden: view?.ids, before });
    },
    position: async () => notifications.position,
    marks: async () => (number === undefined ? NO_MARKS : notifications.marksOf(number)),
    async markedUntil() {
      if (number === undefined) return UNKNOWN;
      const { until, isCurrent } = notifications.markedUntil(number);
      if (isCurrent) return until;
      // What is below the floor counts as marked: searching the database for what arrived so late would take too long.
      const rows = rowsInMemory(0 as Microseconds);
      return findMarkedUntil(rows, notifications.marksOf(number), until, notifications.searchUnmarked(number));
    },
    names: async (ids) => new Map(ids.map((id) => [id, users.names.get(users.number(id))])),
  };
}

/** Rows before both times `until` are known to be marked. */
async function findMarkedUntil(
  newestFirst: AsyncIterable<readonly NotifiedRow[]>,
  marks: Marks,
  until: MarkedUntil,
  end: (found: MarkedUntil) => MarkedUntil,
): Promise<MarkedUntil> {
  const { seen, read } = toReadMarks(marks);
  const found = { seen: seen ? NEVER : UNKNOWN.seen, read: read ? NEVER : UNKNOWN.read };
  const isFound = (time: Microseconds) => (!seen || time < until.seen) && (!read || time < until.read);
  for await (const rows of newestFirst) {
    for (const row of rows) {
      // Newest first, so that the last is the oldest.
      if (seen && !row.isIn(seen)) found.seen = row.time;
      if (read && !row.isIn(read)) found.read = row.time;
    }
    const last = rows.at(-1);
    if (!(seen || read) || (last && isFound(last.time))) break;
  }
  return end(found);
}

const earlier = (time: Microseconds, other: Microseconds | undefined): Microseconds =>
  other !== undefined && other < time ? other : time;

const startOf = (time: Microseconds | undefined): Position | undefined =>
  time === undefined ? undefined : { time, id: LOWEST_ID };

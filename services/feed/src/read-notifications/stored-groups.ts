import {
  type EventTime,
  fromMicroseconds,
  fromMilliseconds,
  isInLog,
  type LogPosition,
  type Microseconds,
  sqlEventTime,
  type UserId,
} from '@activity-feed/contracts';
import type { Pool } from 'pg';
import { nextDay } from '../activity/durations';
import type { HiddenIds } from '../activity/hiding';
import type { Position } from '../activity/positions';
import { wideningSlices } from '../hypertable/widening-window';
import { dayOf, type FoundGroup, GroupsOfDay, isNewer, type ReadMarks } from './notification-groups';
import { storedRows } from './stored-rows';

export interface GroupsAsked {
  user: UserId;
  hidden: HiddenIds | undefined;
  marks: ReadMarks;
  /** Only groups after this place. */
  after?: Position | undefined;
  /** Only what the log had there. */
  asOf?: LogPosition | undefined;
}

const FLOOR = `
SELECT ${sqlEventTime(`least((SELECT min(time) FROM activities), (SELECT min(time) FROM hidden_activities),
  (SELECT min(time) FROM undone_activities), (SELECT min(time) FROM notices))`)} AS floor`;

/**
 * The groups of a user's notifications from the database, in order, within a time window that widens. Each day is read from
 * its end, also for a page that begins in it: a group may have newer members before the page.
 */
export async function* storedGroups(pool: Pool, asked: GroupsAsked): AsyncGenerator<FoundGroup> {
  const { user, hidden, after, asOf } = asked;
  const begin = nextDay(after?.time ?? (fromMilliseconds(Date.now()) as Microseconds));
  let floor: EventTime | null | undefined;
  for (const slice of wideningSlices(fromMicroseconds(begin))) {
    const to = slice.to ?? (after && fromMicroseconds(begin));
    let day: { start: Microseconds; groups: GroupsOfDay } | undefined;
    for await (const rows of storedRows(pool, { user, hidden, from: slice.from, to })) {
      for (const row of rows) {
        if (asOf && !isInLog(row.place, asOf)) continue;
        const start = dayOf(row.position.time);
        if (day?.start !== start) {
          if (day) yield* laterThan(day.groups, after);
          day = { start, groups: new GroupsOfDay(start, asked.marks) };
        }
        day.groups.add(row);
      }
    }
    if (day) yield* laterThan(day.groups, after);
    floor ??= (await pool.query<{ floor: EventTime | null }>(FLOOR)).rows[0]?.floor ?? null;
    // Event times have a fixed format, so their texts compare like the times.
    if (floor === null || slice.from <= floor) return;
  }
}

/** The groups of a day after a place. */
const laterThan = (groups: GroupsOfDay, after: Position | undefined): FoundGroup[] =>
  groups.end().filter(({ newest }) => !after || isNewer(after, newest));

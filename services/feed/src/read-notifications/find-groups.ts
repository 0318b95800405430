import type { LogPosition, Microseconds } from '@activity-feed/contracts';
import { nextDay } from '../activity/durations';
import type { Position } from '../activity/positions';
import { dayOf, type FoundGroup, GroupsOfDay, isNewer, type ReadMarks } from './notification-groups';
import type { NotifiedUser } from './notified-user';

export interface GroupsAsked {
  marks: ReadMarks;
  /** Only groups after this place. */
  after?: Position | undefined;
  /** Only what the log had there. */
  asOf?: LogPosition | undefined;
  /** Asked before each day, whose start it gets: without it, older groups are not needed. */
  isNeeded?: (day: Microseconds) => boolean;
}

/**
 * The groups of a user's notifications, in order. Each day is read from its end, also for a page that begins in it: a group may
 * have newer members before the page.
 */
export async function* findGroups(
  user: Pick<NotifiedUser, 'rows'>,
  { marks, after, asOf, isNeeded }: GroupsAsked,
): AsyncGenerator<FoundGroup> {
  let day: { start: Microseconds; groups: GroupsOfDay } | undefined;
  for await (const rows of user.rows(after && nextDay(after.time))) {
    for (const row of rows) {
      if (asOf && !row.isIn(asOf)) continue;
      const start = dayOf(row.time);
      if (day?.start !== start) {
        if (day) yield* laterThan(day.groups, after);
        day = undefined;
        if (isNeeded && !isNeeded(start)) return;
        day = { start, groups: new GroupsOfDay(start, marks) };
      }
      day.groups.add(row);
    }
  }
  if (day) yield* laterThan(day.groups, after);
}

/** The groups of a day after a place. */
const laterThan = (groups: GroupsOfDay, after: Position | undefined): Iterable<FoundGroup> =>
  groups.inOrder((newest) => !after || isNewer(after, newest));

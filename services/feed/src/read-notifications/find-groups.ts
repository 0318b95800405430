import type { LogPosition, Microseconds } from '@activity-feed/contracts';
import { nextDay } from '../activity/durations';
import type { Position } from '../activity/positions';
import { type MarkedUntil, UNKNOWN } from '../timeline-index/notifications';
import { type FoundGroup, GroupsOfDay, isNewer, type ReadMarks, type Unmarked } from './notification-groups';
import type { NotifiedUser } from './notified-user';

export interface GroupsAsked {
  marks: ReadMarks;
  /** Only groups after this place. */
  after?: Position | undefined;
  /** Only what the log had there. */
  asOf?: LogPosition | undefined;
  /** Asked before each day, whose start it gets: without it, older groups are not needed. */
  isNeeded?: (day: Microseconds) => boolean;
  /** Asked before each group, with what it and later ones of its day may be: without it, these are not needed. */
  isGroupNeeded?: ((mayBe: Unmarked) => boolean) | undefined;
  /** All rows in memory before these times are marked. */
  until?: MarkedUntil;
  /** All rows before this time are marked, and only groups with others are asked for. The groups are not whole. */
  unmarkedSince?: Microseconds;
}

/**
 * The groups of a user's notifications, in order. Each day is read from its end, also for a page that begins in it: a group may
 * have newer members before the page.
 */
export async function* findGroups(
  user: Pick<NotifiedUser, 'rows'>,
  { marks, after, asOf, isNeeded, isGroupNeeded, until, unmarkedSince }: GroupsAsked,
): AsyncGenerator<FoundGroup> {
  let groups: GroupsOfDay | undefined;
  const actors = new Set<number>();
  try {
    for await (const rows of user.rows(after && nextDay(after.time), asOf)) {
      if (groups?.day !== rows.day) {
        if (groups) yield* laterThan(groups, after, isGroupNeeded);
        groups?.release();
        groups = undefined;
        if (isNeeded && !isNeeded(rows.day)) return;
        groups = new GroupsOfDay(rows.day, marks, rows.areIndexed ? until : UNKNOWN);
        actors.clear();
      }
      const ofDay = groups;
      if (unmarkedSince === undefined) rows.visit((row) => ofDay.add(row));
      else {
        rows.visit((row) => {
          // Earlier rows of an actor say whether the one that is not marked is new.
          if (row.time >= unmarkedSince) actors.add(row.actor);
          else if (!actors.has(row.actor)) return;
          ofDay.add(row);
        });
      }
    }
    if (groups) yield* laterThan(groups, after, isGroupNeeded);
  } finally {
    groups?.release();
  }
}

/** The groups of a day after a place. */
const laterThan = (
  groups: GroupsOfDay,
  after: Position | undefined,
  isNeeded: GroupsAsked['isGroupNeeded'],
): Iterable<FoundGroup> => groups.inOrder((newest) => !after || isNewer(after, newest), isNeeded);

import {
  EVENT_SOURCES,
  type EventSource,
  encodeLogPosition,
  fromMicroseconds,
  type LogPlace,
  type LogPosition,
  type Mark,
  type Microseconds,
  NO_MARKS,
  type UserId,
} from '@activity-feed/contracts';
import type { Pool } from 'pg';
import { DAY } from '../activity/durations';
import type { HiddenIds } from '../activity/hiding';
import type { Position } from '../activity/positions';
import { decodeCursor } from '../page/page-cursor';
import { dayOf, GroupsOfDay, groupName, isNewer, type Member, type NotifiedRow } from './notification-groups';
import { toReadMarks } from './stored-marks';
import { readLogPosition, storedRows } from './stored-rows';

interface MarkAsked {
  user: UserId;
  hidden: HiddenIds | undefined;
  until?: string | undefined;
  ids?: readonly string[] | undefined;
}

/** What of a group a notification names. */
interface NamedGroup {
  group: string;
  /** Its members up to the one that was the newest, newest first. */
  covered: readonly Member[];
  /** Those that came later. */
  later: readonly Member[];
}

const FLOOR = `SELECT extract(epoch FROM dropped_until) * 1000000 AS floor FROM activities_retention WHERE isfinite(dropped_until)`;

/**
 * What a user marks: everything, what is listed from the notification `until` on, or the notifications `ids`. Undefined if
 * there is no such notification. One that was dropped marks nothing.
 */
export async function storedMark(pool: Pool, { user, hidden, until, ids }: MarkAsked): Promise<Mark | undefined> {
  if (ids) {
    const groups: Mark['groups'] = [];
    for (const id of ids) {
      const named = await namedBy(pool, { user, hidden }, id);
      if (named === 'unknown') return undefined;
      if (named) groups.push({ group: named.group, until: encodeLogPosition(positionOf(named)) });
    }
    return { groups };
  }
  const position = await readLogPosition(pool);
  if (until === undefined) return { until: encodeLogPosition(position) };
  const named = await namedBy(pool, { user, hidden }, until);
  if (named === 'unknown') return undefined;
  if (!named) return {};
  const [newest] = named.covered as [Member];
  const after = await placesAfter(pool, user, newest.position);
  return { until: encodeLogPosition(before(position, after)) };
}

/** Undefined if it was dropped. */
async function namedBy(
  pool: Pool,
  { user, hidden }: Pick<MarkAsked, 'user' | 'hidden'>,
  id: string,
): Promise<NamedGroup | 'unknown' | undefined> {
  const position = decodeCursor(id);
  if (!position) return 'unknown';
  const day = dayOf(position.time);
  const groups = new GroupsOfDay(day, toReadMarks(NO_MARKS));
  let named: NotifiedRow | undefined;
  const range = { from: fromMicroseconds(day), to: fromMicroseconds((day + DAY) as Microseconds) };
  for await (const rows of storedRows(pool, { user, hidden, ...range })) {
    for (const row of rows) {
      groups.add(row);
      if (isSame(row.position, position)) named = row;
    }
  }
  if (!named) return (await isDropped(pool, position)) ? undefined : 'unknown';
  const members = groups.membersOf(named);
  let place = members.findIndex(({ position: at }) => !isNewer(at, position));
  // Newer ones that are not shown were not shown then, or are gone: the group is listed at their place.
  while (place > 0 && !(members[place - 1] as Member).isShown) place--;
  return { group: groupName(named, day), covered: members.slice(place), later: members.slice(0, place) };
}

async function isDropped(pool: Pool, { time }: Position): Promise<boolean> {
  const { rows } = await pool.query<{ floor: string }>(FLOOR);
  return rows[0] !== undefined && time < Number(rows[0].floor);
}

/** The places in the log of what concerns the user and is newer than a position. */
async function placesAfter(pool: Pool, user: UserId, position: Position): Promise<LogPlace[]> {
  const places: LogPlace[] = [];
  const range = { from: fromMicroseconds(position.time), to: undefined };
  for await (const rows of storedRows(pool, { user, hidden: undefined, ...range })) {
    for (const { position: at, place } of rows) if (place && isNewer(at, position)) places.push(place);
  }
  return places;
}

/** Stands for events of earlier versions, whose places are unknown: whatever has any event has them too. */
const BEGINNING: LogPlace = { source: 'activity', partition: 0, offset: 0 };

/** A position with all that the group has, as far as it comes before the later ones in each partition. */
function positionOf({ covered, later }: NamedGroup): LogPosition {
  const position = emptyPosition();
  for (const { place = BEGINNING } of covered) {
    const offsets = position[place.source];
    offsets[place.partition] = Math.max(offsets[place.partition] ?? 0, place.offset + 1);
  }
  const laterPlaces = later.flatMap(({ place }) => place ?? []);
  return before(filled(position), laterPlaces);
}

/** The position, but before all of `places`. */
function before(position: LogPosition, places: readonly LogPlace[]): LogPosition {
  const earlier = emptyPosition();
  for (const source of EVENT_SOURCES) earlier[source] = [...position[source]];
  for (const { source, partition, offset } of places) {
    earlier[source][partition] = Math.min(earlier[source][partition] ?? 0, offset);
  }
  return filled(earlier);
}

const emptyPosition = (): Record<EventSource, number[]> => ({
  'social-graph': [],
  activity: [],
  'social-graph-private': [],
});

/** With zeros for the partitions between that have nothing. */
const filled = (position: Record<EventSource, number[]>): LogPosition =>
  Object.fromEntries(
    EVENT_SOURCES.map((source) => [source, Array.from(position[source], (offset) => offset ?? 0)]),
  ) as unknown as LogPosition;

const isSame = (a: Position, b: Position) => a.time === b.time && a.id.every((word, place) => word === b.id[place]);

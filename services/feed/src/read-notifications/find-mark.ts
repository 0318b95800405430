import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  EVENT_SOURCES,
  type EventSource,
  encodeLogPosition,
  type LogPlace,
  type LogPosition,
  type Mark,
  type MarkQuery,
  type Microseconds,
  NO_MARKS,
} from '@activity-feed/contracts';
import type { Pool } from 'pg';
import { DAY } from '../activity/durations';
import type { Position } from '../activity/positions';
import { readDroppedUntil } from '../hypertable/dropped-activities';
import { decodeCursor } from '../page/page-cursor';
import { dayOf, GroupsOfDay, groupName, isNewer, toReadMarks } from './notification-groups';
import type { NotifiedRow } from './notified-row';
import type { NotifiedUser } from './notified-user';

/**
 * What a user marks: everything, what is listed from the notification `until` on, or the notifications `ids`. Undefined if
 * there is no such notification. One that was dropped marks nothing.
 */
export async function findMark(
  user: NotifiedUser,
  pool: Pool,
  { until, ids }: Pick<MarkQuery, 'until' | 'ids'>,
): Promise<Mark | undefined> {
  const position = await user.position();
  if (until === undefined && !ids) return { until: encodeLogPosition(position) };
  const named = await findNamed(user, pool, ids ?? [until as string]);
  if (!named) return undefined;
  if (!ids) {
    const [one] = named;
    return one ? { until: encodeLogPosition(before(position, await placesAfter(user, placeInList(one)))) } : {};
  }
  const groups: { group: string; until: string }[] = [];
  for (const one of named) {
    groups.push({ group: groupName(one, one.groups.date), until: encodeLogPosition(coveredOf(one)) });
    // A group may have very many members.
    await nextTurn();
  }
  return { groups };
}

/**
 * The rows that are named, the newest of each group, without those that were dropped. Undefined if one never was. Reads each day
 * once.
 */
async function findNamed(user: NotifiedUser, pool: Pool, ids: readonly string[]): Promise<Named[] | undefined> {
  const positions = [...new Set(ids)].flatMap((id) => decodeCursor(id) ?? []);
  if (positions.length < new Set(ids).size) return undefined;
  const days = new Map(
    positions.map(({ time }) => [dayOf(time), new GroupsOfDay(dayOf(time), toReadMarks(NO_MARKS))] as const),
  );
  const [first, last] = [Math.min(...days.keys()), Math.max(...days.keys())];
  const wanted = new Set(positions.map(nameOf));
  const times = new Set(positions.map(({ time }) => time));
  const found = new Map<string, Named>();
  for await (const rows of user.rows((last + DAY) as Microseconds)) {
    if (rows.day < first) break;
    const groups = days.get(rows.day);
    if (!groups) continue;
    rows.visit((row) => {
      groups.add(row);
      if (!times.has(row.time)) return;
      const position = row.details.positionOf(row.handle);
      const { verb, objectType, objectId, objectKey, details } = row;
      if (wanted.has(nameOf(position)))
        found.set(nameOf(position), { verb, objectType, objectId, objectKey, details, position, groups });
    });
  }
  const dropped = found.size < wanted.size ? await readDroppedUntil(pool) : undefined;
  const named = new Map<string, Named>();
  for (const position of positions) {
    const row = found.get(nameOf(position));
    if (!row && (dropped === undefined || position.time >= dropped)) return undefined;
    if (!row) continue;
    const group = groupName(row, row.groups.date);
    const other = named.get(group);
    if (!other || isNewer(position, other.position)) named.set(group, row);
  }
  return [...named.values()];
}

/** A row that is named, with the groups of its day. */
interface Named extends Pick<NotifiedRow, 'verb' | 'objectType' | 'objectId' | 'objectKey' | 'details'> {
  position: Position;
  groups: GroupsOfDay;
}

/**
 * Where the group was listed when the row was its newest: newer members that are not shown were not shown then, or are gone,
 * and keep the group's place.
 */
function placeInList({ position, groups, details, ...row }: Named): Position {
  let place = position;
  groups.forEachMember(row, (handle, isShown) => {
    const at = details.positionOf(handle);
    if (!isNewer(at, position)) return;
    // From the newest to the oldest: the last one that is shown ends what belongs to the place.
    if (isShown) place = position;
    else if (!isNewer(place, at)) place = at;
  });
  return place;
}

/** The places in the log of what concerns the user and is newer than a position. */
async function placesAfter(user: NotifiedUser, position: Position): Promise<LogPlace[]> {
  const places: LogPlace[] = [];
  for await (const rows of user.rows()) {
    if (rows.day < dayOf(position.time)) break;
    rows.visit(({ handle, details }) => {
      const place = isNewer(details.positionOf(handle), position) ? details.placeOf(handle) : undefined;
      if (place) places.push(place);
    });
  }
  return places;
}

/** Stands for events of earlier versions, whose places are unknown: whatever has any event has them too. */
const BEGINNING: LogPlace = { source: 'activity', partition: 0, offset: 0 };

const NEVER = Number.POSITIVE_INFINITY;

/** A position with all that the group had then, as far as it comes before the later members in each partition. */
function coveredOf(named: Named): LogPosition {
  const { groups, details } = named;
  const listed = placeInList(named);
  const covered = emptyPosition();
  const later = emptyPosition();
  groups.forEachMember(named, (handle) => {
    const place = details.placeOf(handle);
    if (isNewer(details.positionOf(handle), listed)) {
      if (place)
        later[place.source][place.partition] = Math.min(later[place.source][place.partition] ?? NEVER, place.offset);
      return;
    }
    const { source, partition, offset } = place ?? BEGINNING;
    covered[source][partition] = Math.max(covered[source][partition] ?? 0, offset + 1);
  });
  for (const source of EVENT_SOURCES) {
    for (const [partition, offset] of later[source].entries()) {
      const reached = covered[source][partition];
      if (offset !== undefined && reached !== undefined) covered[source][partition] = Math.min(reached, offset);
    }
  }
  return filled(covered);
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

const nameOf = ({ time, id }: Position) => `${time} ${id}`;

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
import {
  dayOf,
  GroupsOfDay,
  groupName,
  isNewer,
  type Member,
  type NotifiedRow,
  toReadMarks,
} from './notification-groups';
import type { NotifiedUser } from './notified-user';

/** What of a group a notification names. */
interface NamedGroup {
  group: string;
  /** Its members up to the one that was the newest, newest first. */
  covered: readonly Member[];
  /** Those that came later. */
  later: readonly Member[];
}

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
  if (ids) return { groups: named.map((one) => ({ group: one.group, until: encodeLogPosition(positionOf(one)) })) };
  const newest = named[0]?.covered[0];
  if (!newest) return {};
  return { until: encodeLogPosition(before(position, await placesAfter(user, newest.position))) };
}

/** The groups that are named, without those that were dropped. Undefined if one never was. Reads each day once. */
async function findNamed(user: NotifiedUser, pool: Pool, ids: readonly string[]): Promise<NamedGroup[] | undefined> {
  const positions = ids.flatMap((id) => decodeCursor(id) ?? []);
  if (positions.length < ids.length) return undefined;
  const days = new Map(
    positions.map(({ time }) => [dayOf(time), new GroupsOfDay(dayOf(time), toReadMarks(NO_MARKS))] as const),
  );
  const [first, last] = [Math.min(...days.keys()), Math.max(...days.keys())];
  const wanted = new Set(positions.map(nameOf));
  const found = new Map<string, Named>();
  for await (const rows of user.rows((last + DAY) as Microseconds)) {
    if (rows.day < first) break;
    const groups = days.get(rows.day);
    if (!groups) continue;
    rows.visit((row) => {
      groups.add(row);
      const position = row.details.positionOf(row.handle);
      const { verb, objectType, objectId, objectKey } = row;
      if (wanted.has(nameOf(position)))
        found.set(nameOf(position), { verb, objectType, objectId, objectKey, position, groups });
    });
  }
  const dropped = found.size < wanted.size ? await readDroppedUntil(pool) : undefined;
  const named: NamedGroup[] = [];
  for (const position of positions) {
    const row = found.get(nameOf(position));
    if (row) named.push(coveredBy(row));
    else if (dropped === undefined || position.time >= dropped) return undefined;
  }
  return named;
}

/** A row that is named. */
interface Named extends Pick<NotifiedRow, 'verb' | 'objectType' | 'objectId' | 'objectKey'> {
  position: Position;
  groups: GroupsOfDay;
}

function coveredBy({ position, groups, ...row }: Named): NamedGroup {
  const members = groups.membersOf(row);
  let place = members.findIndex((member) => !isNewer(member.position, position));
  // Newer ones that are not shown were not shown then, or are gone: the group is listed at their place.
  while (place > 0 && !(members[place - 1] as Member).isShown) place--;
  return { group: groupName(row, groups.day), covered: members.slice(place), later: members.slice(0, place) };
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

const nameOf = ({ time, id }: Position) => `${time} ${id}`;

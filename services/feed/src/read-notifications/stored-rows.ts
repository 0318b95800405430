import {
  type EventId,
  type EventTime,
  fromMicroseconds,
  fromMilliseconds,
  isInLog,
  type LogPlace,
  type Microseconds,
  NOTIFICATION_VERBS,
  type NotificationVerb,
  type ObjectType,
  sqlEventTime,
  type UserId,
  type Verb,
} from '@activity-feed/contracts';
import type { Pool } from 'pg';
import { ACTIVITY_COLUMNS, ACTIVITY_FIELDS } from '../activity/activity';
import { HOLDS } from '../activity/follows-sql';
import type { HiddenIds } from '../activity/hiding';
import { IS_KNOWN_TYPE } from '../activity/known-kinds';
import { isDeleted } from '../activity/moved-sql';
import { isNotice, sourceOfVerb } from '../activity/notices';
import { keyOfObject } from '../activity/object-key';
import { type PagePosition, type Position, toPagePosition, toPosition } from '../activity/positions';
import { hiddenParameters, hiddenValues, sqlIsListed, sqlIsVisible } from '../hypertable/hidden-sql';
import { wideningSlices } from '../hypertable/widening-window';
import { dayOf } from './notification-groups';
import type { NotifiedRow, RowDetails, RowsOfDay } from './notified-row';

/** Rows read at once. */
const BATCH = 2_000;

const COLUMNS = ACTIVITY_FIELDS.map((field) => ACTIVITY_COLUMNS[field][0]).join(', ');
const listOf = (verbs: readonly NotificationVerb[]) => verbs.map((verb) => `'${verb}'`).join(', ');
const OF_TARGET = listOf(NOTIFICATION_VERBS.filter((verb) => !isNotice(verb as Verb)));
const KNOWN = listOf(NOTIFICATION_VERBS);

/** `time <= $4` is implied by the row comparison, but only it excludes chunks. */
const IN_SLICE = `time >= $2 AND time < $3 AND time <= $4 AND (time, event_id) < ($4, $5::uuid) AND ${IS_KNOWN_TYPE}`;

/** MATERIALIZED, because the limit otherwise makes the planner walk the order of all activities. */
const ofTarget = (table: string, kept: boolean) => `
  SELECT ${COLUMNS}, ${kept} AS kept, 1 AS precedence FROM ${table}
  WHERE target_id = $1 AND actor_id <> $1 AND verb IN (${OF_TARGET}) AND ${IN_SLICE}`;

const IS_LIVING = [
  ['found.object_type', 'found.object_id'],
  ['found.root_type', 'found.root_id'],
  ["'comment'", 'found.comment_id'],
]
  .map(([type, id]) => `NOT ${isDeleted(type as string, id as string)}`)
  .join(' AND ');

/**
 * The rows that concern the user $1, newest first. Those about people are hidden by a block, mute or suspension alone: who
 * follows a user, or asks to, may have a private account. Relies on the indexes activities_of_owner,
 * hidden_activities_of_target, undone_activities_of_target and notices_of_user.
 */
const rowsWhere = (isVisible: string, isShownToUser: string) => `
WITH found AS MATERIALIZED (
  ${ofTarget('activities', true)}
  UNION ALL ${ofTarget('hidden_activities', true)}
  UNION ALL ${ofTarget('undone_activities', false)}
  UNION ALL
  SELECT ${COLUMNS}, NOT undone, 0 FROM notices WHERE user_id = $1 AND verb IN (${KNOWN}) AND ${IN_SLICE}
  ORDER BY time DESC, event_id DESC, precedence LIMIT ${BATCH}
)
SELECT ${sqlEventTime('time')} AS time, event_id AS "eventId", verb, actor_id AS actor, object_type AS "objectType",
       object_id AS "objectId", comment_id AS "commentId", log_partition AS "partition", log_offset AS "offset",
       CASE verb WHEN 'follow' THEN kept AND ${HOLDS} AND ${isShownToUser}
         WHEN 'request' THEN kept AND ${isShownToUser} WHEN 'accept' THEN ${isShownToUser}
         ELSE kept AND ${IS_LIVING} AND ${isVisible} END AS "isShown"
FROM found ORDER BY found.time DESC, event_id DESC, precedence`;

const HIDDEN = hiddenParameters(6);
const IS_SUSPENDED = `(EXISTS (
  SELECT FROM closed_accounts AS closed WHERE closed.user_id = actor_id AND closed.suspended)) IS TRUE`;
const ROWS = {
  all: { name: 'read-notified-rows', text: rowsWhere('true', 'true') },
  visible: {
    name: 'read-visible-notified-rows',
    text: rowsWhere(sqlIsVisible(HIDDEN), `NOT ${sqlIsListed('actor_id', HIDDEN)} AND NOT ${IS_SUSPENDED}`),
  },
};

interface StoredRow extends PagePosition {
  verb: NotificationVerb;
  actor: number;
  objectType: ObjectType | null;
  objectId: number | null;
  commentId: number | null;
  partition: number | null;
  offset: number | null;
  isShown: boolean;
}

export interface StoredRowsAsked {
  user: UserId;
  hidden: HiddenIds | undefined;
  /** Only earlier ones; undefined for all. */
  before: Position | undefined;
}

const FLOOR = `
SELECT ${sqlEventTime(`least((SELECT min(time) FROM activities), (SELECT min(time) FROM hidden_activities),
  (SELECT min(time) FROM undone_activities), (SELECT min(time) FROM notices))`)} AS floor`;

/**
 * All rows that concern a user, newest first, an event once, from the database: within a time window that widens, as only time
 * excludes chunks.
 */
export async function* storedRows(pool: Pool, { user, hidden, before }: StoredRowsAsked): AsyncGenerator<RowsOfDay> {
  let last = before ? toPagePosition(before) : LAST;
  let floor: EventTime | null | undefined;
  for (const { from, to } of wideningSlices(before ? last.time : fromMicroseconds(fromMilliseconds(Date.now())))) {
    for (;;) {
      const values: unknown[] = [user, from, to ?? 'infinity', last.time, last.eventId];
      if (hidden) values.push(...hiddenValues(hidden));
      const { rows } = await pool.query<StoredRow>({ ...(hidden ? ROWS.visible : ROWS.all), values });
      // Of an event that concerns the user twice, the first counts.
      const once = rows.filter(({ eventId }, place) => eventId !== rows[place - 1]?.eventId).map(toNotified);
      for (const [day, ofDay] of Map.groupBy(once, ({ time }) => dayOf(time))) yield new StoredRowsOfDay(day, ofDay);
      last = rows.at(-1) ?? last;
      if (rows.length < BATCH) break;
    }
    floor ??= (await pool.query<{ floor: EventTime | null }>(FLOOR)).rows[0]?.floor ?? null;
    // Event times have a fixed format, so their texts compare like the times.
    if (floor === null || from <= floor) return;
  }
}

const LAST: PagePosition = {
  time: 'infinity' as EventTime,
  eventId: 'ffffffff-ffff-ffff-ffff-ffffffffffff' as EventId,
};

class StoredRowsOfDay implements RowsOfDay {
  readonly areIndexed = false;

  constructor(
    readonly day: Microseconds,
    private readonly rows: readonly NotifiedRow[],
  ) {}

  visit(each: (row: NotifiedRow) => void): void {
    this.rows.forEach(each);
  }
}

/** What else a row has. */
interface Details {
  position: Position;
  place: LogPlace | undefined;
  commentId: number | null;
}

const DETAILS: RowDetails<Details> = {
  positionOf: ({ position }) => position,
  placeOf: ({ place }) => place,
  isIn: ({ place }, position) => isInLog(place, position),
  commentIdOf: ({ commentId }) => commentId,
  userIdOf: (actor) => actor,
};

function toNotified({ time, eventId, partition, offset, commentId, ...row }: StoredRow): NotifiedRow {
  const place =
    partition === null || offset === null ? undefined : { source: sourceOfVerb(row.verb), partition, offset };
  const position = toPosition({ time, eventId });
  const { objectType: type, objectId: id } = row;
  const objectKey = type === null || id === null ? 0 : keyOfObject({ type, id });
  const handle: Details = { position, place, commentId };
  return { ...row, handle, details: DETAILS as RowDetails, time: position.time, objectKey };
}

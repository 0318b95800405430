import {
  EVENT_SOURCES,
  type EventId,
  type EventSource,
  type EventTime,
  type LogPosition,
  NOTIFICATION_VERBS,
  type NotificationVerb,
  type ObjectType,
  sqlEventTime,
  TOPICS,
  type UserId,
} from '@activity-feed/contracts';
import type { ClientBase, Pool } from 'pg';
import { ACTIVITY_COLUMNS, ACTIVITY_FIELDS } from '../activity/activity';
import type { HiddenIds } from '../activity/hiding';
import { IS_KNOWN_TYPE } from '../activity/known-kinds';
import { isDeleted } from '../activity/moved-sql';
import { type PagePosition, toPosition } from '../activity/positions';
import { hiddenParameters, hiddenValues, sqlIsListed, sqlIsVisible } from '../hypertable/hidden-sql';
import type { NotifiedRow } from './notification-groups';

/** Rows read at once. */
const BATCH = 2_000;

const COLUMNS = ACTIVITY_FIELDS.map((field) => ACTIVITY_COLUMNS[field][0]).join(', ');
const OF_TARGET = ['like', 'share', 'comment', 'follow'].map((verb) => `'${verb}'`).join(', ');
const KNOWN = NOTIFICATION_VERBS.map((verb) => `'${verb}'`).join(', ');

/** `time <= $4` is implied by the row comparison, but only it excludes chunks. */
const IN_SLICE = `time >= $2 AND time < $3 AND time <= $4 AND (time, event_id) < ($4, $5::uuid) AND ${IS_KNOWN_TYPE}`;

/** MATERIALIZED, because the limit otherwise makes the planner walk the order of all activities. */
const ofTarget = (table: string, kept: boolean) => `
  SELECT ${COLUMNS}, ${kept} AS kept, 1 AS precedence FROM ${table}
  WHERE target_id = $1 AND actor_id <> $1 AND verb IN (${OF_TARGET}) AND ${IN_SLICE}`;

/** Whether the actor still follows the user, by this activity. Relies on the primary key of follows and activities_of_actor. */
const HOLDS = `(
  (EXISTS (SELECT FROM follows WHERE follower_id = found.actor_id AND followee_id = $1 AND following)) IS TRUE
  AND (EXISTS (SELECT FROM activities AS later WHERE later.actor_id = found.actor_id AND later.verb = 'follow'
               AND later.target_id = $1 AND later.time > found.time)) IS NOT TRUE)`;

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
SELECT ${sqlEventTime('time')} AS time, event_id AS "eventId", verb, actor_id AS "actorId", object_type AS "objectType",
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
  actorId: number;
  objectType: ObjectType | null;
  objectId: number | null;
  commentId: number | null;
  partition: number | null;
  offset: number | null;
  isShown: boolean;
}

export interface RowsAsked {
  user: UserId;
  hidden: HiddenIds | undefined;
  /** A time range, both ends as events write times; `to` is exclusive. */
  from: EventTime;
  to: EventTime | undefined;
}

/** All rows that concern a user in a time range, newest first, an event once. */
export async function* storedRows(pool: Pool, { user, hidden, from, to }: RowsAsked): AsyncGenerator<NotifiedRow[]> {
  let before: PagePosition = { time: 'infinity' as EventTime, eventId: LAST_UUID };
  for (;;) {
    const values: unknown[] = [user, from, to ?? 'infinity', before.time, before.eventId];
    if (hidden) values.push(...hiddenValues(hidden));
    const { rows } = await pool.query<StoredRow>({ ...(hidden ? ROWS.visible : ROWS.all), values });
    // Of an event that concerns the user twice, the first counts.
    yield rows.filter(({ eventId }, place) => eventId !== rows[place - 1]?.eventId).map(toNotified);
    if (rows.length < BATCH) return;
    before = rows.at(-1) as StoredRow;
  }
}

const LAST_UUID = 'ffffffff-ffff-ffff-ffff-ffffffffffff' as EventId;

const toNotified = ({ time, eventId, partition, offset, ...row }: StoredRow): NotifiedRow => ({
  ...row,
  position: toPosition({ time, eventId }),
  place: partition === null || offset === null ? undefined : { source: sourceOf(row.verb), partition, offset },
});

/** Of the event of a row. */
function sourceOf(verb: NotificationVerb): EventSource {
  if (verb === 'request') return 'social-graph-private';
  return verb === 'follow' || verb === 'accept' ? 'social-graph' : 'activity';
}

const OFFSETS = 'SELECT topic, partition, next_offset AS next FROM projection_offsets';

/** What the database has of the log. */
export async function readLogPosition(client: ClientBase | Pool): Promise<LogPosition> {
  const { rows } = await client.query<{ topic: string; partition: number; next: number }>(OFFSETS);
  const position = Object.fromEntries(EVENT_SOURCES.map((source) => [source, [] as number[]])) as Record<
    EventSource,
    number[]
  >;
  for (const { topic, partition, next } of rows) {
    const source = EVENT_SOURCES.find((one) => TOPICS[one] === topic);
    if (source) position[source][partition] = next;
  }
  // Partitions that nothing was read from are missing.
  for (const source of EVENT_SOURCES) position[source] = Array.from(position[source], (offset) => offset ?? 0);
  return position;
}

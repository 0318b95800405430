import { setTimeout as pause } from 'node:timers/promises';
import { isUnavailable } from '@activity-feed/backend';
import { fromMilliseconds, type Source, sqlEventTime, verbsOf } from '@activity-feed/contracts';
import { inTransaction } from '@activity-feed/eventing';
import type { Logger } from '@activity-feed/hosting';
import type { ClientBase, Pool } from 'pg';
import { INDEXED_FIELDS, type IndexedActivity, selectActivity } from '../activity/activity';
import { HIDINGS, type Hiding, type ObjectState } from '../activity/effects';
import { HOLDS } from '../activity/follows-sql';
import { IS_KNOWN, IS_KNOWN_TYPE } from '../activity/known-kinds';
import { type IndexedNotice, NOTICE_VERBS, sourceOfVerb } from '../activity/notices';
import type { StoredStream } from '../timeline-index/queries/take-back';
import type { TimelineIndex } from '../timeline-index/timeline-index';

/** Milliseconds between attempts: initial and, doubling after failures, maximum. */
const PAUSE = 50;
const MAX_PAUSE = 1_000;

const MARGIN = fromMilliseconds(1);

const VERSION = `
SELECT coalesce((SELECT version FROM applied_versions WHERE source = $1 AND stream = $2), 0)::float8 AS version`;

/** Relies on the indexes activities_of_actor and hidden_activities_of_actor. */
const activitiesIn = (table: 'activities' | 'hidden_activities') => `
SELECT ${selectActivity({ time: sqlEventTime('time') }, INDEXED_FIELDS)}, verb = 'follow' AND NOT ${HOLDS} AS ended
FROM ${table} AS found
WHERE actor_id = $1 AND verb = ANY ($2) AND ${IS_KNOWN} AND time > to_timestamp($3::float8 / 1000000)`;
const ACTIVITIES = `${activitiesIn('activities')} UNION ALL ${activitiesIn('hidden_activities')} ORDER BY "time", "eventId"`;

/** Those of events of the stream $1. Relies on the indexes notices_of_actor and notices_of_user. */
const NOTICES = `
SELECT ${selectActivity({ time: sqlEventTime('time') }, INDEXED_FIELDS)}, user_id AS "userId", undone FROM notices
WHERE CASE verb WHEN 'accept' THEN user_id ELSE actor_id END = $1 AND (user_id = $1 OR actor_id = $1)
  AND verb = ANY ($2) AND ${IS_KNOWN_TYPE} AND time > to_timestamp($3::float8 / 1000000)
ORDER BY time DESC, event_id DESC`;

const CHANGED_OBJECTS = `
SELECT object_type AS "objectType", object_id::float8 AS "objectId", deleted, version::float8 AS version
FROM object_states WHERE stream = $1 AND version > $2 AND ${IS_KNOWN_TYPE}`;

const HIDDEN_USERS = `
SELECT user_id AS "userId", other_id AS "otherId", kind,
       CASE WHEN isfinite(until) THEN ${sqlEventTime('until')} END AS until
FROM hidden_users WHERE user_id = $1 AND kind = ANY ($2)`;

const ACCOUNT = `
SELECT coalesce(bool_or(private), false) AS private, coalesce(bool_or(suspended), false) AS suspended
FROM closed_accounts WHERE user_id = $1`;

const NAMES = 'SELECT id, name FROM users WHERE id = ANY ($1::int[])';

export interface BrokenStream {
  source: Source;
  stream: number;
  /** The version of the event after the gap. */
  version: number;
}

/**
 * Reloads a stream of the index from the database, once the database has the event after the gap. Gaps appear where
 * unreadable events were dead-lettered or the log lost events. Retries while the database does not answer; throws any
 * other error.
 */
export async function restoreStream(
  pool: Pool,
  index: TimelineIndex,
  { source, stream, version }: BrokenStream,
  log: Logger,
  stopped: () => boolean,
): Promise<void> {
  const broken = { source, stream, version };
  log.warn(broken, 'gap in stream; reloading it from the database');
  let failures = 0;
  while (!stopped()) {
    try {
      if (await restoreOnce(pool, index, broken)) return;
      failures = 0;
    } catch (error) {
      if (!isUnavailable(error)) throw error;
      if (failures++ === 0) log.warn({ err: error, ...broken }, 'cannot reload the stream; retrying');
    }
    await pause(Math.min(PAUSE * 2 ** failures, MAX_PAUSE));
  }
}

function restoreOnce(
  pool: Pool,
  index: TimelineIndex,
  { source, stream, version: wanted }: BrokenStream,
): Promise<boolean> {
  return inTransaction(pool, async (tx) => {
    await tx.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const found = (await tx.query<{ version: number }>(VERSION, [source, stream])).rows[0];
    const { version } = found as { version: number };
    if (version < wanted) return false;
    // The floor may be minus infinity. The margin makes up for rounding in SQL.
    const floor = Math.max(index.floor - MARGIN, 0);
    const { rows: activities } = await tx.query<IndexedActivity>(ACTIVITIES, [stream, verbsOf(source), floor]);
    const verbs = NOTICE_VERBS.filter((verb) => sourceOfVerb(verb) === source);
    const { rows: notices } = await tx.query<IndexedNotice>(NOTICES, [stream, verbs, floor]);
    const objectStates = source === 'activity' ? await changedObjects(tx, stream, index.versionOf(source, stream)) : [];
    const hidings = source === 'social-graph-private' ? await hidingsOf(tx, stream) : [];
    const account = source === 'social-graph' ? await accountOf(tx, stream) : undefined;
    const rows = [...activities, ...notices.map(({ userId, ...notice }) => ({ ...notice, targetId: userId }))];
    const ids = rows.flatMap(({ actorId, targetId }) => [actorId, targetId ?? []].flat());
    const named = await tx.query<{ id: number; name: string }>(NAMES, [[...new Set(ids)]]);
    for (const { id, name } of named.rows) index.addUser(id, name);
    index.restore({ source, stream, version, activities, notices, objectStates, hidings, account });
    return true;
  });
}

async function hidingsOf(tx: ClientBase, stream: number): Promise<Omit<Hiding, 'holds'>[]> {
  return (await tx.query<Omit<Hiding, 'holds'>>(HIDDEN_USERS, [stream, HIDINGS])).rows;
}

async function accountOf(tx: ClientBase, stream: number): Promise<StoredStream['account']> {
  return (await tx.query<NonNullable<StoredStream['account']>>(ACCOUNT, [stream])).rows[0];
}

/** The objects that the stream has deleted or restored after the version `known`. */
async function changedObjects(tx: ClientBase, stream: number, known: number): Promise<ObjectState[]> {
  return (await tx.query<ObjectState>(CHANGED_OBJECTS, [stream, known])).rows;
}

import type { ClientBase } from 'pg';
import { ACTIVITY_COLUMNS, ACTIVITY_FIELDS, type Activity } from '../activity/activity';
import type { Effects } from '../activity/effects';
import type { Notice } from '../activity/notices';
import { columns } from './columns';

const NAMES = ACTIVITY_FIELDS.map((field) => ACTIVITY_COLUMNS[field][0]).join(', ');
const ARRAYS = ACTIVITY_FIELDS.map((field, index) => `$${index + 1}::${ACTIVITY_COLUMNS[field][1]}[]`).join(', ');

/** Relies on the unique index notices_of_user. */
const INSERT_NOTICES = {
  name: 'insert-notices',
  text: `
INSERT INTO notices (${NAMES}, user_id) SELECT * FROM unnest(${ARRAYS}, $${ACTIVITY_FIELDS.length + 1}::int[])
ON CONFLICT DO NOTHING`,
};

/** Relies on the index notices_open_requests. */
const END_REQUESTS = {
  name: 'end-requests',
  text: `
UPDATE notices SET undone = true
FROM unnest($1::int[], $2::int[], $3::timestamptz[]) AS ended(actor, target, at)
WHERE notices.user_id = ended.target AND notices.actor_id = ended.actor AND verb = 'request' AND NOT undone AND time < ended.at`,
};

/**
 * The first of each actor, verb, object and day: only that one keeps a place. Relies on the index
 * undone_activities_of_actor.
 */
const INSERT_UNDONE = {
  name: 'insert-undone-activities',
  text: `
INSERT INTO undone_activities (${NAMES})
SELECT * FROM unnest(${ARRAYS}) AS undone(${NAMES})
WHERE NOT EXISTS (
  SELECT FROM undone_activities AS earlier
  WHERE (earlier.actor_id, earlier.object_id, earlier.verb, earlier.object_type)
      = (undone.actor_id, undone.object_id, undone.verb, undone.object_type)
    AND earlier.time >= date_trunc('day', undone.time, 'UTC') AND earlier.time < undone.time)
ON CONFLICT DO NOTHING`,
};

/** Writes whom a batch of events concerns, and which requests have ended. Idempotent. */
export async function writeNotices(tx: ClientBase, effects: readonly Effects[]): Promise<void> {
  const notices = effects.flatMap(({ notices }) => notices ?? []);
  if (notices.length > 0) {
    const userIds = notices.map(({ userId }) => userId);
    await tx.query(INSERT_NOTICES, [...columns<Omit<Notice, 'userId'>>(notices, ACTIVITY_FIELDS), userIds]);
  }
  const ended = effects.flatMap(({ endedRequest }) => endedRequest ?? []);
  if (ended.length > 0) await tx.query(END_REQUESTS, columns(ended, ['actorId', 'targetId', 'time']));
}

/** Keeps activities that were taken back for the notifications of their target. */
export async function keepUndone(tx: ClientBase, activities: readonly Activity[]): Promise<void> {
  const notified = activities.filter(({ actorId, targetId }) => targetId !== null && targetId !== actorId);
  if (notified.length > 0) await tx.query(INSERT_UNDONE, columns<Activity>(notified, ACTIVITY_FIELDS));
}

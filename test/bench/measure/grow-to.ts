import type { Client } from 'pg';

/** How many activities the days have, and the second of the latest. */
const COUNT = `
WITH latest AS (SELECT max(time) AS time FROM activities)
SELECT count(*)::int AS count, floor(extract(epoch FROM max(activities.time)))::float8 AS latest
FROM activities, latest WHERE activities.time >= latest.time - $1 * interval '1 day'`;

/** Those activities as they are in the beginning, numbered, to be repeated in the same shares. */
const EXAMPLES = `
CREATE TABLE IF NOT EXISTS examples AS SELECT (row_number() OVER ())::int AS number, * FROM activities
WHERE time >= (SELECT max(time) FROM activities) - $1 * interval '1 day'`;

/** A day at a time, so that the indexes of one chunk alone are written at once. */
const REPEAT = `
INSERT INTO activities (time, event_id, actor_id, verb, object_type, object_id, target_id)
SELECT to_timestamp($1::float8 - random() * 86400), gen_random_uuid(), actor_id, verb, object_type, object_id, target_id
FROM generate_series(1, $2::int) AS copy
JOIN examples ON number = 1 + (copy + $3::int) % (SELECT count(*)::int FROM examples)`;

/**
 * Repeats the activities of the last `days` of a feed's database at other times until there are `count`, evenly over
 * these days; the follows that all users began with, before them, do not count. They are written straight into the
 * hypertable: what they would take on their way through the log is measured elsewhere. The last day ends with the latest
 * activity, or at `until` (seconds since 1970).
 */
export async function growTo(
  feed: Client,
  count: number,
  days: number,
  signal: AbortSignal,
  until?: number,
): Promise<void> {
  await feed.query(EXAMPLES.replace('$1', String(days)));
  const { rows } = await feed.query(COUNT, [days]);
  const missing = count - rows[0].count;
  for (let day = 0; day < days; day++) {
    signal.throwIfAborted();
    const from = Math.floor((missing * day) / days);
    const to = Math.floor((missing * (day + 1)) / days);
    if (to > from) await feed.query(REPEAT, [(until ?? rows[0].latest) - day * 86_400, to - from, from]);
  }
  await feed.query('ANALYZE');
}

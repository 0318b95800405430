import type { Client } from 'pg';

/** The number of activities in these days, and the second of the latest. */
const COUNT = `
WITH latest AS (SELECT max(time) AS time FROM activities)
SELECT count(*)::int AS count, floor(extract(epoch FROM max(activities.time)))::float8 AS latest
FROM activities, latest WHERE activities.time >= latest.time - $1 * interval '1 day'`;

/** The initial activities that reads show, numbered. Repeating them keeps the shares of verbs and users. */
const EXAMPLES = `
CREATE TABLE IF NOT EXISTS examples AS SELECT (row_number() OVER ())::int AS number, * FROM visible_activities
WHERE time >= (SELECT max(time) FROM activities) - $1 * interval '1 day'`;

/** One day at a time, so that the indexes of only one chunk are written. */
const REPEAT = `
INSERT INTO activities (time, event_id, actor_id, verb, object_type, object_id, target_id)
SELECT to_timestamp($1::float8 - random() * 86400), gen_random_uuid(), actor_id, verb, object_type, object_id, target_id
FROM generate_series(1, $2::int) AS copy
JOIN examples ON number = 1 + (copy + $3::int) % (SELECT count(*)::int FROM examples)`;

/**
 * Adds copies of the activities of the last `days` at other times, evenly over these days, until there are `count`. The
 * initial follows do not count. Writes directly to the hypertable: the projector is measured elsewhere. The last day
 * ends with the latest activity, or at `until` (seconds since 1970).
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

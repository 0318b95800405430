import type { Client, Pool } from 'pg';

/**
 * `undos` counts, for each event, the undos of its kind by the same user from that event on: 0 means that it still
 * holds, and an undo shares its number with what it takes back.
 */
const WRONG = `
WITH acts AS MATERIALIZED (
  SELECT CASE WHEN type LIKE '%liked.v1' THEN 'likes' ELSE 'shares' END AS list, type LIKE '%-un%' AS is_undo,
         stream, data #>> '{object,type}' AS object_type, (data #>> '{object,id}')::bigint AS object_id,
         event_id, version, time, data -> 'undone' AS undone
  FROM events WHERE type = ANY ($1)
), numbered AS MATERIALIZED (
  SELECT *, count(*) FILTER (WHERE is_undo) OVER same AS undos FROM acts
  WINDOW same AS (PARTITION BY list, stream, object_type, object_id ORDER BY version DESC)
), recorded AS (
  SELECT list, stream, object_type, object_id, event_id, version, time FROM numbered WHERE undos = 0
), stored AS (
  SELECT 'likes', user_id, object_type, object_id, event_id, version, since FROM likes
  UNION ALL
  SELECT 'shares', user_id, object_type, object_id, event_id, version, time FROM shares
), ended AS (
  SELECT list, stream, object_type, object_id, undos,
         CASE list
           WHEN 'likes' THEN jsonb_build_object('id', min(event_id::text), 'version', min(version), 'time', min(time))
           ELSE jsonb_build_object('count', count(*), 'first_time', min(time), 'last_time', max(time))
         END AS undone
  FROM numbered WHERE undos > 0 AND NOT is_undo GROUP BY list, stream, object_type, object_id, undos
), said AS (
  SELECT list, stream, object_type, object_id, undos,
         (SELECT jsonb_object_agg(key, CASE WHEN key LIKE '%time' THEN to_jsonb((value #>> '{}')::timestamptz) ELSE value END)
          FROM jsonb_each(undone)) AS undone
  FROM numbered WHERE is_undo
)
SELECT 'missing' AS is, to_jsonb(missing) AS row FROM (SELECT * FROM recorded EXCEPT ALL SELECT * FROM stored) AS missing
UNION ALL
SELECT 'unexpected', to_jsonb(unexpected) FROM (SELECT * FROM stored EXCEPT ALL SELECT * FROM recorded) AS unexpected
UNION ALL
SELECT 'wrongly undone', to_jsonb(wrong) FROM (SELECT * FROM said EXCEPT ALL SELECT * FROM ended) AS wrong
UNION ALL
SELECT 'not undone', to_jsonb(wrong) FROM (SELECT * FROM ended EXCEPT ALL SELECT * FROM said) AS wrong
LIMIT 10`;

const TYPES = ['liked', 'shared', 'unliked', 'unshared'].map((what) => `activity.object-${what}.v1`);

/**
 * Rows that are missing in likes and shares, or that the events do not account for, and events that take back something
 * else than they say; 10 at most.
 */
export async function wrongLikesAndShares(database: Pool | Client): Promise<unknown[]> {
  return (await database.query(WRONG, [TYPES])).rows;
}

import type { Client, Pool } from 'pg';

const DIFFERENCES = `
WITH recorded AS (
  SELECT type, stream, data #>> '{object,type}' AS object_type, (data #>> '{object,id}')::bigint AS object_id,
         event_id, version, time
  FROM events WHERE type IN ('activity.object-liked.v1', 'activity.object-shared.v1')
), stored AS (
  SELECT 'activity.object-liked.v1', user_id, object_type, object_id, event_id, version, since FROM likes
  UNION ALL
  SELECT 'activity.object-shared.v1', user_id, object_type, object_id, event_id, version, time FROM shares
)
SELECT 'missing' AS is, * FROM (SELECT * FROM recorded EXCEPT ALL SELECT * FROM stored) AS missing
UNION ALL
SELECT 'unexpected' AS is, * FROM (SELECT * FROM stored EXCEPT ALL SELECT * FROM recorded) AS unexpected
LIMIT 10`;

/** Rows that are missing in likes and shares, or that no event has recorded; 10 at most. */
export async function wrongLikesAndShares(database: Pool | Client): Promise<unknown[]> {
  return (await database.query(DIFFERENCES)).rows;
}

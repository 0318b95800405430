import type { Client, Pool } from 'pg';

const WRONG = `
SELECT type, objects.id, deleted_at, deleted_by, comments.deleted, last.deleted AS last, last.time, last.by
FROM objects LEFT JOIN LATERAL (
  SELECT events.type = 'activity.object-deleted.v1' AS deleted, time,
         CASE WHEN data ->> 'by' = 'admin' THEN NULL ELSE coalesce((data #>> '{by,id}')::int, owner_id) END AS by
  FROM events WHERE stream = owner_id AND events.type IN ('activity.object-deleted.v1', 'activity.object-restored.v1')
    AND data #>> '{object,type}' = objects.type AND (data #>> '{object,id}')::bigint = objects.id
  ORDER BY version DESC LIMIT 1
) AS last ON true
LEFT JOIN comments ON type = 'comment' AND comments.id = objects.id
WHERE (deleted_at, deleted_by) IS DISTINCT FROM
      (CASE WHEN last.deleted THEN last.time END, CASE WHEN last.deleted THEN last.by END)
  OR (restorable_until IS NULL) <> (deleted_at IS NULL)
  OR comments.deleted <> (deleted_at IS NOT NULL)
LIMIT 10`;

/** Objects that are not deleted, or not by whom, as their last event of this kind says; 10 at most. */
export async function wronglyDeleted(database: Pool | Client): Promise<unknown[]> {
  return (await database.query(WRONG)).rows;
}

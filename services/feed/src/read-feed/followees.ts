import type { UserId } from '@activity-feed/contracts';
import type { Pool } from 'pg';

/** Whom `follower` follows now. Relies on the primary key of follows. */
export async function readFollowees(pool: Pool, follower: UserId): Promise<UserId[]> {
  const { rows } = await pool.query<{ id: UserId }>(
    'SELECT followee_id AS id FROM follows WHERE follower_id = $1 AND following ORDER BY followee_id',
    [follower],
  );
  return rows.map(({ id }) => id);
}

import type { ObjectRef, UserId } from '@activity-feed/contracts';
import { inTransaction, lockStreams } from '@activity-feed/eventing';
import type { Pool } from 'pg';

/** Photo 1 to $2, each liked or shared by the users 1 to $1 in turn. */
const FILL = `
WITH photos AS (
  INSERT INTO objects (type, id, owner_id, owner_name, content, created_at)
  SELECT 'photo', id, 1, 'user-1', '', now() FROM generate_series(1, $2::int) AS id
), acts AS (
  INSERT INTO events (event_id, stream, version, type, data, time)
  SELECT gen_random_uuid(), actor, id,
         CASE (actor + id) % 2 WHEN 0 THEN 'activity.object-liked.v1' ELSE 'activity.object-shared.v1' END,
         jsonb_build_object('object', jsonb_build_object('type', 'photo', 'id', id)),
         now() - interval '1 day' + id * interval '1 second' + actor * interval '1 microsecond'
  FROM generate_series(1, $2::int) AS id, generate_series(1, $1::int) AS actor
  RETURNING stream, type, data, time
)
INSERT INTO likes (user_id, object_type, object_id, since)
SELECT stream, 'photo', (data #>> '{object,id}')::bigint, time FROM acts WHERE type = 'activity.object-liked.v1'`;

const LIKED = 'SELECT FROM likes WHERE user_id = $1 AND object_type = $2 AND object_id = $3';

const APPEND = `
INSERT INTO events (event_id, stream, version, type, data, time)
SELECT gen_random_uuid(), $1::int, coalesce(max(version), 0) + 1, $2::text, $3::jsonb,
       greatest(clock_timestamp(), max(time) + interval '1 microsecond')
FROM events WHERE stream = $1::int
RETURNING time::text`;

const LIKE = 'INSERT INTO likes (user_id, object_type, object_id, since) VALUES ($1, $2, $3, $4)';

/** Writes to the database of activity like the version that has no table of shares. */
export class VersionWithoutShares {
  constructor(private readonly pool: Pool) {}

  async fill(users: number, photos: number): Promise<void> {
    await this.pool.query(FILL, [users, photos]);
  }

  async act(verb: 'like' | 'share', user: UserId, object: ObjectRef): Promise<void> {
    const about = [user, object.type, object.id];
    await inTransaction(
      this.pool,
      async (tx) => {
        if (verb === 'like' && (await tx.query(LIKED, about)).rowCount !== 0) return;
        const event = [user, `activity.object-${verb}d.v1`, JSON.stringify({ object })];
        const { rows } = await tx.query<{ time: string }>(APPEND, event);
        if (verb === 'like') await tx.query(LIKE, [...about, rows[0]?.time]);
      },
      { first: lockStreams([user]) },
    );
  }
}

import type { Client } from 'pg';

/** Above all ids that the social graph assigns. */
const FIRST = 200_000_000;
let liked = 0;

/** Each user likes once, in the last three days. */
const LIKES = `
WITH fans AS (
  SELECT ${FIRST} + $1::int + n AS id, gen_random_uuid() AS event_id,
         now() - (n % 3) * interval '1 day' - n * interval '1 microsecond' AS time
  FROM generate_series(1, $2::int) AS n
), recorded AS (
  INSERT INTO events (event_id, stream, version, type, data, time)
  SELECT event_id, id, 1, 'activity.object-liked.v1', jsonb_build_object(
           'actor', jsonb_build_object('id', id, 'name', 'fan-' || id),
           'object', jsonb_build_object('type', 'photo', 'id', $3::bigint),
           'target', jsonb_build_object('id', $4::int, 'name', $5::text)
         ), time
  FROM fans
)
INSERT INTO likes (user_id, object_type, object_id, since, event_id, version)
SELECT id, 'photo', $3, time, event_id, 1 FROM fans`;

/** Writes likes of a photo by `count` users, as the activity service does. The other services do not know these users. */
export async function likeByMany(
  activity: Client,
  photo: number,
  owner: { id: number; name: string },
  count: number,
): Promise<void> {
  await activity.query(LIKES, [liked, count, photo, owner.id, owner.name]);
  liked += count;
}

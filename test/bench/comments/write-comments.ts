import type { ClientBase } from 'pg';

/** Rows as the activity service writes them, without their events. Each tenth comment has a reply, and all have three likes. */
const WRITE = `
WITH photo AS (
  INSERT INTO objects (type, id, owner_id, owner_name, content, created_at)
  SELECT 'photo', nextval('photo_ids'), owner_id, owner_name, 'with comments', now() FROM objects LIMIT 1
  RETURNING id, owner_id, owner_name
), numbered AS (
  SELECT number, nextval('comment_ids') AS comment, now() + number * interval '1 ms' AS at
  FROM generate_series(1, $1::int + $1::int / 10) AS number
), placed AS (
  SELECT one.comment, one.at, first.comment AS thread FROM numbered AS one
  LEFT JOIN numbered AS first ON one.number > $1::int AND first.number = 10 * (one.number - $1::int)
), written AS (
  INSERT INTO objects (type, id, owner_id, owner_name, content, created_at)
  SELECT 'comment', comment, owner_id, owner_name, 'What I wanted to say about it', at FROM placed, photo
), liked AS (
  INSERT INTO likes (user_id, object_type, object_id, since, event_id, version)
  SELECT user_id, 'comment', comment, at, gen_random_uuid(), 1 FROM placed, generate_series(1, 3) AS user_id
), added AS (
  INSERT INTO comments (id, root_type, root_id, thread, reply_to, created_at)
  SELECT comment, 'photo', photo.id, thread, thread, at FROM placed, photo
)
SELECT id::float8 AS id FROM photo`;

/** Posts a photo with `count` first-level comments. Returns the id of the photo. */
export async function writeComments(activity: ClientBase, count: number): Promise<number> {
  const { rows } = await activity.query<{ id: number }>(WRITE, [count]);
  return (rows[0] as { id: number }).id;
}

import type { Client } from 'pg';
import { v7 } from 'uuid';
import { copyRows } from '../../world/copy-rows.ts';

/**
 * Registers `count` users without keys who follow `author`: writes the events and rows that the social graph would
 * write.
 */
export async function giveFollowers(
  client: Client,
  author: { id: number; name: string },
  count: number,
): Promise<void> {
  const time = new Date().toISOString();
  await client.query('BEGIN');
  const { rows } = await client.query(
    "SELECT setval('user_ids', last_value + $1)::int - $1::int + 1 AS first FROM user_ids",
    [count],
  );
  const followers = Array.from({ length: count }, (_, index) => {
    const id = rows[0].first + index;
    return { id, name: `follower-${id}` };
  });
  const events = followers.flatMap((actor) => [
    [v7(), actor.id, 1, 'social-graph.user-registered.v1', JSON.stringify({ actor }), time],
    [v7(), actor.id, 2, 'social-graph.user-followed.v1', JSON.stringify({ actor, target: author }), time],
  ]);
  const users = followers.map(({ id, name }) => [id, name, time, time]);
  const follows = followers.map(({ id }) => [id, author.id, time]);
  await copyRows(client, 'users', ['id', 'name', 'created_at', 'updated_at'], users);
  await copyRows(client, 'follows', ['follower_id', 'followee_id', 'since'], follows);
  await copyRows(client, 'events', ['event_id', 'stream', 'version', 'type', 'data', 'time'], events);
  await client.query('COMMIT');
}

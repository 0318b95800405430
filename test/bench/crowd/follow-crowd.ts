import type { Client } from 'pg';

/** Above all ids that the social graph assigns. */
const FIRST = 100_000_000;

const USERS = `INSERT INTO users SELECT ${FIRST} + n, 'crowd-' || n FROM generate_series(1, $1::int) AS n`;

const FOLLOWS = `INSERT INTO follows SELECT $1, ${FIRST} + n, true, 1 FROM generate_series(1, $2::int) AS n`;

/** One activity per user. The order of times differs from the order of ids. */
const ACTIVITIES = `
INSERT INTO activities (time, event_id, actor_id, verb, object_type, object_id)
SELECT now() - (1 + $1::int - n) * ($2::int * interval '1 day') / $1::int, gen_random_uuid(),
       ${FIRST} + 1 + (n::bigint * 7919) % $1::int, 'post', 'post', ${FIRST} + n
FROM generate_series(1, $1::int) AS n`;

/**
 * Makes `reader` follow `count` users with one activity each in the last `days`. Writes directly to the feed's tables;
 * the other services do not know these users.
 */
export async function followCrowd(feed: Client, reader: number, count: number, days: number): Promise<void> {
  await feed.query(USERS, [count]);
  await feed.query(FOLLOWS, [reader, count]);
  await feed.query(ACTIVITIES, [count, days]);
  await feed.query('ANALYZE');
}

import { type Client, Pool } from 'pg';
import type { BenchSystem } from '../bench-system.ts';
import type { Benchmark } from '../benchmark.ts';
import { madeEvents, unsent, writeEvents } from '../measure/made-events.ts';
import { until } from '../measure/until.ts';

/** The number of partitions that the feed reads concurrently. */
const CONNECTIONS = 3;

/** The rows of each of the projector's transactions, grouped by xmin. */
const BATCHES = `
SELECT array_agg(time::text) AS time, array_agg(event_id) AS event_id, array_agg(actor_id) AS actor_id,
       array_agg(verb) AS verb, array_agg(object_type) AS object_type, array_agg(object_id) AS object_id,
       array_agg(target_id) AS target_id
FROM activities WHERE actor_id >= $1 GROUP BY xmin::text`;

const REFERENCE_TABLE = `
DROP TABLE IF EXISTS reference_activities;
CREATE TABLE reference_activities (LIKE activities INCLUDING DEFAULTS);
SELECT create_hypertable('reference_activities', by_range('time', INTERVAL '1 day'), create_default_indexes => false);
CREATE UNIQUE INDEX ON reference_activities (time DESC, event_id DESC);
CREATE INDEX ON reference_activities (actor_id, time DESC, event_id DESC)`;

const INSERT = `
INSERT INTO reference_activities (time, event_id, actor_id, verb, object_type, object_id, target_id)
SELECT * FROM unnest($1::timestamptz[], $2::uuid[], $3::int[], $4::text[], $5::text[], $6::bigint[], $7::int[])`;

/** From Kafka to the hypertable. The feed starts when all events are in the log. */
export const projector: Benchmark = {
  name: 'projector',
  reference: () =>
    `bare unnest inserts of the same rows in the same batches into an identical table, ${CONNECTIONS} at a time`,
  run: ({ sizes: { rounds, events: count }, signal, withSystem }) =>
    withSystem(async (system) => {
      const ours: number[] = [];
      const reference: number[] = [];
      // Ours first: the reference inserts the rows and batches that the projector wrote.
      for (let round = 0; round < rounds; round++) {
        ours.push(await projected(system, count, round, signal));
        reference.push(await inserted(system.databases.feed, system.stores.feed, 1_000_000 * (round + 1)));
      }
      return [{ name: 'events', unit: '/s', ours, reference }];
    }),
};

/** Events per second from the first applied batch to the last, without the start of the feed. */
async function projected(system: BenchSystem, count: number, round: number, signal: AbortSignal): Promise<number> {
  const { feed, write } = system.stores;
  await system.services.feed.end();
  const before = await applied(feed);
  await writeEvents(write.activity, madeEvents(count, round));
  await until(async () => (await unsent(write.activity)) === 0, signal);
  // As a projector only: the work of readers for the same events is not measured.
  const starting = system.services.feed.start({ FEED_ROLE: 'projector' });
  let first = 0;
  const firstAt = await until(async () => {
    first = (await applied(feed)) - before;
    return first > 0;
  }, signal);
  const lastAt = await until(async () => (await applied(feed)) - before >= count, signal);
  await starting;
  return ((count - first) * 1_000) / (lastAt - firstAt);
}

async function applied(feed: Client): Promise<number> {
  const { rows } = await feed.query('SELECT coalesce(sum(next_offset), 0)::float8 AS applied FROM projection_offsets');
  return rows[0].applied;
}

async function inserted(url: string, feed: Client, firstId: number): Promise<number> {
  const { rows: batches } = await feed.query(BATCHES, [firstId]);
  await feed.query(REFERENCE_TABLE);
  const pool = new Pool({ connectionString: url, max: CONNECTIONS });
  const count = batches.reduce((sum, { event_id }) => sum + event_id.length, 0);
  const startedAt = performance.now();
  await Promise.all(batches.map((batch) => pool.query(INSERT, Object.values(batch))));
  const passed = performance.now() - startedAt;
  await pool.end();
  return (count * 1_000) / passed;
}

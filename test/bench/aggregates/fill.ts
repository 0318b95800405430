import type { Client } from 'pg';
import { AGGREGATES } from '../../../services/feed/dist/aggregates/aggregate.js';
import type { Edition } from '../../../services/feed/dist/aggregates/edition.js';
import type { BenchSystem } from '../bench-system.ts';
import type { BenchContext } from '../context.ts';
import { growTo } from '../measure/grow-to.ts';
import { until } from '../measure/until.ts';

/** Milliseconds for aggregating and loading a month of ten million activities. */
export const READY_WITHIN = 1_200_000;

/** Records late activities for rows that bypassed the projector, which normally does this. */
const NOTE = `
INSERT INTO late_activities (hour)
SELECT DISTINCT date_trunc('hour', time) FROM activities WHERE time < date_trunc('hour', now())`;

const STATE = `
SELECT (SELECT count(*)::int FROM timescaledb_information.continuous_aggregates WHERE view_name = ANY ($1)) AS continuous,
       (SELECT count(*)::int FROM aggregate_progress
        WHERE aggregate = ANY ($1) AND filled_until >= date_trunc('day', now(), 'UTC') - interval '1 day') AS filled,
       (SELECT count(*)::int FROM trending_lists WHERE hour = date_trunc('hour', now())) AS lists`;

/** Lists per hour, one for each of three windows. */
const LISTS = 3;

/**
 * Fills the feed's table with the activities to be measured. Resolves when the aggregates cover all of them. The feed
 * then runs without a cache of aggregate answers.
 */
export async function fillAggregates(context: BenchContext, system: BenchSystem, edition: Edition): Promise<void> {
  const { sizes, signal } = context;
  const { feed } = system.services;
  const client = system.stores.feed;
  // A running feed would refresh the aggregates again and again.
  await feed.end();
  const { world, activities } = sizes.aggregates;
  await growTo(client, activities, world.days, signal, Date.now() / 1_000);
  await client.query(NOTE);
  await feed.start({ FEED_AGGREGATE_CACHE: '0' }, READY_WITHIN);
  await until(() => isFilled(client, edition), signal, 500);
  // Now, rather than by autovacuum during the measurement.
  await client.query('VACUUM (ANALYZE)');
}

async function isFilled(client: Client, edition: Edition): Promise<boolean> {
  const { rows } = await client.query(STATE, [AGGREGATES.map(({ name }) => name)]);
  const { continuous, filled, lists } = rows[0];
  const wanted = edition === 'community' ? AGGREGATES.length : 0;
  return continuous === wanted && filled === wanted && lists === LISTS;
}

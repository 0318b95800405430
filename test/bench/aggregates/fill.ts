import type { Client } from 'pg';
import { AGGREGATES } from '../../../services/feed/dist/aggregates/aggregate.js';
import type { Edition } from '../../../services/feed/dist/aggregates/edition.js';
import type { BenchSystem } from '../bench-system.ts';
import type { BenchContext } from '../context.ts';
import { growTo } from '../measure/grow-to.ts';
import { until } from '../measure/until.ts';

/** Milliseconds for a month of ten million activities to be added up and loaded. */
const READY_WITHIN = 1_200_000;

/** What came to the table past the projector, which would have noted it. */
const NOTE = `
INSERT INTO late_activities (hour)
SELECT DISTINCT date_trunc('hour', time) FROM activities WHERE time < date_trunc('hour', now())`;

const STATE = `
SELECT (SELECT count(*)::int FROM timescaledb_information.continuous_aggregates WHERE view_name = ANY ($1)) AS continuous,
       (SELECT count(*)::int FROM aggregate_progress
        WHERE aggregate = ANY ($1) AND filled_until >= date_trunc('day', now(), 'UTC') - interval '1 day') AS filled,
       (SELECT count(*)::int FROM trending_lists WHERE hour = date_trunc('hour', now())) AS lists`;

/** Of each hour: for three windows. */
const LISTS = 3;

/**
 * Gives the feed's table as many activities as are to be measured, and resolves when the feed answers with the
 * aggregates of all of them, and keeps no answers.
 */
export async function fillAggregates(context: BenchContext, system: BenchSystem, edition: Edition): Promise<void> {
  const { sizes, signal } = context;
  const { feed } = system.services;
  const client = system.stores.feed;
  // It would add up again and again what is still to come.
  await feed.end();
  const { world, activities } = sizes.aggregates;
  await growTo(client, activities, world.days, signal, Date.now() / 1_000);
  await client.query(NOTE);
  await feed.start({ FEED_AGGREGATE_CACHE: '0' }, READY_WITHIN);
  await until(() => isFilled(client, edition), signal, 500);
  // Not left to the moment at which the server would do it by itself.
  await client.query('VACUUM (ANALYZE)');
}

async function isFilled(client: Client, edition: Edition): Promise<boolean> {
  const { rows } = await client.query(STATE, [AGGREGATES.map(({ name }) => name)]);
  const { continuous, filled, lists } = rows[0];
  const wanted = edition === 'community' ? AGGREGATES.length : 0;
  return continuous === wanted && filled === wanted && lists === LISTS;
}

import { advisoryLock } from '@activity-feed/contracts';
import { Client } from 'pg';
import type { BenchSystem } from '../bench-system.ts';
import type { Figure } from '../benchmark.ts';
import type { BenchContext } from '../context.ts';
import { alternately } from '../measure/alternately.ts';
import { until } from '../measure/until.ts';
import { READY_WITHIN } from './fill.ts';
import type { Question } from './questions.ts';
import { timesOf } from './times-of.ts';

/** The share of groups that are noted as changed, in percent. */
export const NOTED_PERCENT = 2;

export const notedName = (name: string): string => `${name}, ${NOTED_PERCENT} % noted`;

const CHOOSE = `
CREATE TABLE chosen_groups AS
SELECT day, actor_id, verb, object_type FROM actor_activity_daily WHERE random() < ${NOTED_PERCENT} / 100.0`;

const NOTE = `
INSERT INTO noted_groups (day, actor_id, verb, object_type) SELECT * FROM chosen_groups`;

const LATE = 'SELECT FROM late_activities LIMIT 1';

/** What a read costs while groups are noted, in turn with the same read without notes. Restarts the feed. */
export async function notedGroups(
  { sizes: { rounds, seconds }, signal }: BenchContext,
  system: BenchSystem,
  questions: readonly Question[],
): Promise<Figure[]> {
  const { feed } = system.stores;
  // A feed with late activities is not ready, and without refreshes it would stay so.
  await until(async () => (await feed.query(LATE)).rowCount === 0, signal, 500);
  return withoutRefreshes(system, async () => {
    await feed.query(CHOOSE);
    const figures: Figure[] = [];
    for (const { name, growth, askings } of questions) {
      const measure = async () => {
        // Autovacuum does this while a system runs.
        await feed.query('VACUUM (ANALYZE) noted_groups');
        const ask = (number: number) => askings[number % askings.length]?.send() as Promise<string>;
        await timesOf(ask, 0, seconds / 8);
        return timesOf(ask, 0, seconds / 4);
      };
      const { reference, ours } = await alternately(
        rounds,
        async () => {
          await feed.query('TRUNCATE noted_groups');
          return measure();
        },
        async () => {
          await feed.query(NOTE);
          return measure();
        },
      );
      figures.push({ name: notedName(name), growth, unit: 'ms', ours, reference });
    }
    await feed.query('TRUNCATE noted_groups; DROP TABLE chosen_groups');
    return figures;
  });
}

/** Holds the lock of the refresher, which would delete the notes. */
async function withoutRefreshes<T>({ databases, services }: BenchSystem, action: () => Promise<T>): Promise<T> {
  await services.feed.end();
  const client = new Client({ connectionString: databases.feed });
  await client.connect();
  try {
    await client.query(`SELECT pg_advisory_lock(${advisoryLock('refresher')})`);
    await services.feed.start({ FEED_AGGREGATE_CACHE: '0' }, READY_WITHIN);
    return await action();
  } finally {
    await client.end();
  }
}

import type { Logger } from '@activity-feed/hosting';
import { eventually } from '../../../../test/harness/eventually';
import { createFeedDatabase } from '../../../../test/harness/feed-databases';
import { silent, type TestDatabase } from '../../../../test/harness/test-database';
import { AGGREGATES, definitionOf } from './aggregate';
import { prepareViews } from './prepare-views';

const DEFINITIONS = `
SELECT array_agg(obj_description(to_regclass(name)) ORDER BY place) AS definitions
FROM unnest($1::text[]) WITH ORDINALITY AS names(name, place)`;

describe('prepareViews', () => {
  const changed = AGGREGATES.map((aggregate) => ({ ...aggregate, select: `${aggregate.select} HAVING true` }));
  let database: TestDatabase;

  beforeEach(async () => {
    database = await createFeedDatabase();
  });
  afterEach(() => database.drop());

  async function definitions(): Promise<string[]> {
    const names = AGGREGATES.map(({ name }) => name);
    return (await database.pool.query<{ definitions: string[] }>(DEFINITIONS, [names])).rows[0]?.definitions ?? [];
  }

  it('recreates a view only if its definition has changed', async () => {
    const info = jest.fn();
    const log = { ...silent, info } as Logger;
    expect(await definitions()).toEqual(AGGREGATES.map(definitionOf));
    expect(await prepareViews(database.url, log, changed)).toBe('apache');
    expect(await definitions()).toEqual(changed.map(definitionOf));
    await prepareViews(database.url, log, changed);
    expect(info).toHaveBeenCalledTimes(AGGREGATES.length);
  });

  it('retries behind a long transaction without blocking other readers', async () => {
    const warn = jest.fn();
    const reader = await database.pool.connect();
    await reader.query('BEGIN; SELECT FROM actor_activity_daily');
    const preparing = prepareViews(database.url, { ...silent, warn } as Logger, changed);
    try {
      await eventually('a lock timeout is logged', () => warn.mock.calls.length > 0);
      await database.pool.query('SELECT FROM actor_activity_daily');
    } finally {
      await reader.query('COMMIT');
      reader.release();
      await preparing;
    }
    expect(await definitions()).toEqual(changed.map(definitionOf));
  });
});

import { createTestDatabase, type TestDatabase } from '../../../../test/harness/test-database';
import { migrations } from '../database/migrations';
import { setChunkInterval } from './chunk-interval';

const INTERVAL = `
SELECT extract(epoch FROM time_interval)::int AS seconds FROM timescaledb_information.dimensions
WHERE hypertable_name = 'activities'`;

describe('the chunk interval', () => {
  let database: TestDatabase;

  beforeEach(async () => {
    database = await createTestDatabase('timescaledb', migrations);
  });
  afterEach(() => database.drop());

  it('can be set by several instances at the same time', async () => {
    await Promise.all(Array.from({ length: 10 }, () => setChunkInterval(database.url, '6 hours')));
    expect((await database.pool.query(INTERVAL)).rows).toEqual([{ seconds: 6 * 3_600 }]);
  });
});

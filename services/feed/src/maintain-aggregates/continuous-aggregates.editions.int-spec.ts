import { eventually } from '../../../../test/harness/eventually';
import { communityUrl, createCommunityDatabase, NEEDS_COMMUNITY } from '../../../../test/harness/feed-databases';
import { countOf, maintenanceOptions, noteLate } from '../../../../test/harness/maintenance';
import type { TestDatabase } from '../../../../test/harness/test-database';
import { AGGREGATES } from '../aggregates/aggregate';
import { MaintenanceProcess } from './maintenance-process';
import { describePending, readPending } from './pending';

const INSERT = `
INSERT INTO activities (time, event_id, actor_id, verb) VALUES (now() - $1::interval, gen_random_uuid(), 1, 'follow')`;

const COUNT = 'SELECT coalesce(sum(activities), 0)::int AS count FROM actor_activity_daily';

const FILLED = "SELECT count(*)::int AS count FROM aggregate_progress WHERE aggregate NOT LIKE '%next'";

const POLICY = `
SELECT config ->> 'compress_after' AS after FROM timescaledb_information.jobs
WHERE proc_name = 'policy_compression' AND hypertable_name = 'activities' AND hypertable_schema = current_schema`;

const DAYS_AGO = '2 days';

const url = communityUrl();
const title = url
  ? 'the maintenance process with continuous aggregates'
  : `the maintenance process with continuous aggregates ${NEEDS_COMMUNITY}`;

(url ? describe : describe.skip)(title, () => {
  let database: TestDatabase;

  beforeEach(async () => {
    database = await createCommunityDatabase(url as string);
  });
  afterEach(() => database?.drop());

  it('replaces views by continuous aggregates, refreshes late hours, and reports what is pending', async () => {
    await database.pool.query(INSERT, [DAYS_AGO]);
    const settings = maintenanceOptions(database.url);
    const process = new MaintenanceProcess(settings);
    process.onApplicationBootstrap();
    try {
      await eventually('all are filled', async () => (await countOf(database, FILLED)) === AGGREGATES.length);
      expect(await countOf(database, COUNT)).toBe(1);

      await database.pool.query(INSERT, [DAYS_AGO]);
      expect(await countOf(database, COUNT)).toBe(1);
      await noteLate(database, DAYS_AGO);
      expect(await describePending(database.pool)).toMatch(/^1 late hour, the first for \d+ s$/);
      await eventually('the late activity is counted', async () => (await countOf(database, COUNT)) === 2);
      await eventually('nothing is pending', async () => (await readPending(database.pool)).hours === 0);
      expect(await describePending(database.pool)).toBe('up');
      expect(settings.onRefreshed).toHaveBeenCalled();
    } finally {
      await process.onApplicationShutdown();
    }
  });

  it('sets, changes and removes the compression policy', async () => {
    for (const compressAfter of ['30 days', '7 days', undefined, '30 days']) {
      const process = new MaintenanceProcess({ ...maintenanceOptions(database.url), compressAfter });
      process.onApplicationBootstrap();
      await eventually(`chunks are compressed after ${compressAfter}`, async () => {
        const { rows } = await database.pool.query<{ after: string }>(POLICY);
        return rows[0]?.after === compressAfter;
      });
      await process.onApplicationShutdown();
    }
  });
});

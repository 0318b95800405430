import type { Logger } from '@activity-feed/hosting';
import { eventually } from '../../../../test/harness/eventually';
import { createFeedDatabase } from '../../../../test/harness/feed-databases';
import { countOf, maintenanceOptions, noteLate } from '../../../../test/harness/maintenance';
import { silent, type TestDatabase } from '../../../../test/harness/test-database';
import { storeProgress } from '../aggregates/progress';
import { MaintenanceProcess } from './maintenance-process';
import { describePending, readPending } from './pending';

const LEADERS = `
SELECT count(*)::int AS count FROM pg_locks
WHERE locktype = 'advisory' AND classid = 3 AND granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`;

const NOTE_GROUP = `
INSERT INTO noted_groups (day, actor_id, verb) SELECT date_trunc('day', now() - $1::interval, 'UTC'), 1, 'follow'`;

const NOTE_OBJECT = `
INSERT INTO noted_objects (hour, object_type, object_id) SELECT date_trunc('hour', now() - $1::interval), 'photo', 21`;

const LIKE = `
INSERT INTO activities (time, event_id, actor_id, verb, object_type, object_id)
VALUES (now(), gen_random_uuid(), 7, 'like', 'photo', 21)`;

const DELETED = `
INSERT INTO object_states (object_type, object_id, deleted, stream, version) VALUES ('photo', 21, true, 1, 1)`;

const TO_MOVE = 'SELECT count(*)::int AS count FROM object_states WHERE NOT moved';

const NOTED = 'SELECT ((SELECT count(*) FROM noted_groups) + (SELECT count(*) FROM noted_objects))::int AS count';

const DAYS_AGO = '2 days';

describe('the maintenance process with views', () => {
  let database: TestDatabase;
  let processes: MaintenanceProcess[];

  beforeEach(async () => {
    database = await createFeedDatabase();
    processes = [
      new MaintenanceProcess(maintenanceOptions(database.url)),
      new MaintenanceProcess(maintenanceOptions(database.url)),
    ];
  });
  afterEach(async () => {
    for (const process of processes) await process.onApplicationShutdown();
    await database.drop();
  });

  it('deletes notes of late activities, and another instance takes over when it stops', async () => {
    for (const process of processes) process.onApplicationBootstrap();
    for (const process of processes) {
      await eventually('one instance leads', async () => (await countOf(database, LEADERS)) === 1);
      await noteLate(database, DAYS_AGO);
      await eventually('nothing is pending', async () => (await describePending(database.pool)) === 'up');
      await process.onApplicationShutdown();
    }
    // The server ends a session slightly later than its client does.
    await eventually('no instance leads', async () => (await countOf(database, LEADERS)) === 0);
  });

  it('deletes notes of groups and objects whose hour is not noted, as an earlier version leaves them', async () => {
    const [process] = processes as [MaintenanceProcess];
    await database.pool.query(NOTE_GROUP, [DAYS_AGO]);
    await database.pool.query(NOTE_OBJECT, [DAYS_AGO]);
    process.onApplicationBootstrap();
    await eventually('no group or object is noted', async () => (await countOf(database, NOTED)) === 0);
    expect(await describePending(database.pool)).toBe('up');
  });

  it('moves the activities of deleted objects', async () => {
    const [process] = processes as [MaintenanceProcess];
    process.onApplicationBootstrap();
    await eventually('one instance leads', async () => (await countOf(database, LEADERS)) === 1);
    await database.pool.query(LIKE);
    await database.pool.query(DELETED);
    await eventually('nothing is to be moved', async () => (await countOf(database, TO_MOVE)) === 0);
    expect(await countOf(database, 'SELECT count(*)::int AS count FROM activities')).toBe(0);
    expect(await countOf(database, 'SELECT count(*)::int AS count FROM hidden_activities')).toBe(1);
  });

  it('retries while a lock blocks it', async () => {
    const info = jest.fn();
    const process = new MaintenanceProcess({ ...maintenanceOptions(database.url), log: { ...silent, info } as Logger });
    processes = [process];
    await noteLate(database, DAYS_AGO);
    const lock = await database.pool.connect();
    try {
      await lock.query('BEGIN; LOCK TABLE trending_lists');
      process.onApplicationBootstrap();
      await eventually('the lock is logged', () => info.mock.calls.some(([, message]) => message.includes('a lock')));
      expect(await describePending(database.pool)).toMatch('1 late hour');
    } finally {
      await lock.query('ROLLBACK');
      lock.release();
    }
    await eventually('nothing is pending', async () => (await describePending(database.pool)) === 'up');
  });

  it('is reported as behind if closed hours are not filled in time', async () => {
    const hour = 3_600_000;
    const until = Date.now() - (Date.now() % hour) - 2 * hour;
    await storeProgress(database.pool, 'object_engagement_hourly', { from: until, until });
    const time = new Date(until).toISOString().slice(0, '2019-02-10T12:30'.length).replace('T', ' ');
    expect(await describePending(database.pool)).toBe(`object_engagement_hourly is filled until ${time}`);
    const [{ lacks = 0 } = {}] = (await readPending(database.pool)).filled;
    expect([hour, 2 * hour]).toContain(lacks);
  });
});

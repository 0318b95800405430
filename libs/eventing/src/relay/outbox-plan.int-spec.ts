import { TOPICS } from '@activity-feed/contracts';
import { EventLog1 } from '../../../../test/harness/event-log.migration';
import { eventually } from '../../../../test/harness/eventually';
import { createTestDatabase, silent, type TestDatabase } from '../../../../test/harness/test-database';
import { Relay } from './relay';

const EVENTS = 50_000;

/** By 1,000 users, in one transaction. */
const INSERT = `
INSERT INTO events (event_id, stream, version, type, data, time)
SELECT gen_random_uuid(), stream, version, 'activity.object-posted.v1',
       jsonb_build_object('actor', jsonb_build_object('id', stream, 'name', 'user_' || stream),
                          'object', jsonb_build_object('type', 'post', 'id', version, 'content', 'text')),
       now()
FROM generate_series(1, ${EVENTS / 1_000}) AS version, generate_series(1, 1000) AS stream`;

/** Counted by PostgreSQL, at most once a second and when a session ends. */
const READS = `
SELECT (seq_scan + idx_scan)::float8 AS scans, (seq_tup_read + idx_tup_fetch)::float8 AS rows
FROM pg_stat_user_tables WHERE relname = 'events'`;

/** The relay's session. */
const SESSION = 'SELECT FROM pg_stat_activity WHERE datname = current_database() AND application_name = $1';

describe('a relay that has often found the outbox empty', () => {
  let database: TestDatabase;
  let relay: Relay;
  let sent = 0;

  beforeEach(async () => {
    database = await createTestDatabase('postgres', [EventLog1]);
    // Statistics that are collected meanwhile would have PostgreSQL make a new plan.
    await database.pool.query('ALTER TABLE events SET (autovacuum_enabled = false)');
    relay = new Relay({
      database: { connectionString: database.url, application_name: 'relay' },
      topic: TOPICS.activity,
      openPublisher: async () => ({
        partitions: 6,
        publish: async (messages) => {
          sent += messages.length;
        },
        close: async () => undefined,
      }),
      log: silent,
      pollInterval: 10,
    });
    relay.start();
  });
  afterEach(async () => {
    await relay.stop();
    await database.drop();
  });

  const reads = async (): Promise<{ scans: number; rows: number }> => (await database.pool.query(READS)).rows[0];

  it('reads each event about once when the outbox is full', async () => {
    // PostgreSQL may keep a plan from the sixth execution on.
    await eventually('it has read ten times', async () => (await reads()).scans >= 10);
    await database.pool.query(INSERT);
    relay.wake([]);
    await eventually('all events are sent', () => sent >= EVENTS);
    await relay.stop();
    await eventually('its session has ended', async () => {
      const { rowCount } = await database.pool.query(SESSION, ['relay']);
      return rowCount === 0;
    });
    const { rows } = await reads();
    expect(rows).toBeGreaterThanOrEqual(EVENTS);
    // Events that do not fit into one send are read again. A plan that sorts would read all that are left, for each send.
    expect(rows).toBeLessThan(3 * EVENTS);
  });
});

import { type Migration, migrate, untilAvailable } from '@activity-feed/backend';
import { DataSource } from 'typeorm';
import { migrations as activity } from '../../services/activity/src/database/migrations';
import { prepareViews } from '../../services/feed/src/aggregates/prepare-views';
import { migrations as feed } from '../../services/feed/src/database/migrations';
import { migrations as socialGraph } from '../../services/social-graph/src/database/migrations';
import { dropDatabases } from '../harness/databases';
import { testServers, uniqueName } from '../harness/servers';
import { silent } from '../harness/test-database';

const TABLES = `
SELECT table_name FROM information_schema.tables
WHERE table_schema = 'public' AND table_name <> 'migrations' ORDER BY table_name`;

/** And views. */
const FEED_TABLES = [
  'activities',
  'activities_retention',
  'aggregate_corrections',
  'aggregate_progress',
  'applied_versions',
  'closed_accounts',
  'follows',
  'hidden_activities',
  'hidden_users',
  'kept_activities',
  'late_activities',
  'log_epoch',
  'noted_groups',
  'noted_objects',
  'notices',
  'notification_marks',
  'object_states',
  'projection_offsets',
  'restored_activities',
  'topic_partitions',
  'trending_lists',
  'trending_objects',
  'undone_activities',
  'users',
  'visible_activities',
];

describe.each<[string, 'postgres' | 'timescaledb', Migration[], string[]]>([
  [
    'social-graph',
    'postgres',
    socialGraph,
    [
      'blocks',
      'events',
      'follow_requests',
      'follower_changes',
      'follower_counts',
      'follows',
      'idempotency_keys',
      'keys',
      'mutes',
      'privacy_changes',
      'private_events',
      'publications',
      'rate_limits',
      'relay_cursor',
      'users',
    ],
  ],
  [
    'activity',
    'postgres',
    activity,
    [
      'comments',
      'events',
      'idempotency_keys',
      'likes',
      'marks',
      'mentioned_users',
      'object_versions',
      'objects',
      'relay_cursor',
      'shares',
    ],
  ],
  ['feed', 'timescaledb', feed, FEED_TABLES],
])('the migrations of %s', (_service, server, migrations, tables) => {
  const url = `${testServers()[server]}/${uniqueName()}`;
  const dataSource = new DataSource({ type: 'postgres', url, migrations });
  afterAll(async () => {
    if (dataSource.isInitialized) await dataSource.destroy();
    await dropDatabases([url]);
  });

  /** As a service does, which waits for a busy server. */
  const start = () =>
    untilAvailable(
      () => migrate(url, migrations, silent),
      silent,
      () => undefined,
    );
  const present = async () => (await dataSource.query(TABLES)).map((row: { table_name: string }) => row.table_name);

  it('are applied once if several instances start at the same time and the database does not exist', async () => {
    await Promise.all(Array.from({ length: 3 }, () => start()));
    await dataSource.initialize();
    expect(await present()).toEqual(tables);
    expect(await dataSource.query('SELECT name FROM migrations')).toHaveLength(migrations.length);
  });

  it('can be reverted and applied again, also once the aggregates exist', async () => {
    if (server === 'timescaledb') await prepareViews(url, silent);
    for (const _ of migrations) await dataSource.undoLastMigration();
    expect(await present()).toEqual([]);
    await start();
    expect(await present()).toEqual(tables);
  });
});

import { migrate } from '@activity-feed/backend';
import { Client, DatabaseError } from 'pg';
import { prepareViews } from '../../services/feed/src/aggregates/prepare-views';
import { migrations } from '../../services/feed/src/database/migrations';
import { createPatientPool, createTestDatabase, silent, type TestDatabase } from './test-database';

/** SQLSTATE for a database that does not exist. */
const MISSING = '3D000';

const OWN = `
SELECT format('DROP MATERIALIZED VIEW %I CASCADE', view_name) AS statement, 0 AS turn
FROM timescaledb_information.continuous_aggregates WHERE view_schema = current_schema
UNION ALL
SELECT format('DROP TABLE IF EXISTS %I CASCADE', table_name), CASE table_name WHEN 'activities' THEN 1 ELSE 2 END
FROM information_schema.tables WHERE table_schema = current_schema AND table_type = 'BASE TABLE'
ORDER BY 2`;

/** A database for the feed with aggregates as views. */
export async function createFeedDatabase(): Promise<TestDatabase> {
  const database = await createTestDatabase('timescaledb', migrations);
  await prepareViews(database.url, silent);
  return database;
}

/** The URL of a Community edition database that tests may clear, or undefined if there is none. */
export const communityUrl = (): string | undefined => process.env.COMMUNITY_DATABASE_URL || undefined;

/** Part of the title of tests that need it. */
export const NEEDS_COMMUNITY =
  '(needs COMMUNITY_DATABASE_URL: a database on TimescaleDB’s Community edition, which the tests clear)';

/** An empty database for the feed on the Community edition. Its views are not continuous aggregates yet. */
export async function createCommunityDatabase(url: string): Promise<TestDatabase> {
  await dropOwn(url);
  await migrate(url, migrations, silent);
  await prepareViews(url, silent);
  // A single connection: if the test server uses one backend for all connections, names of prepared statements would
  // collide.
  const pool = createPatientPool(url, 1, 60_000);
  pool.options.idleTimeoutMillis = 0;
  const drop = async () => {
    await pool.end();
    await dropOwn(url);
  };
  return { url, pool, drop };
}

/** Both kinds of aggregates, for describe.each. Without a server for a kind, `open` is undefined. */
export function kindsOfAggregates() {
  const url = communityUrl();
  return [
    { kind: 'view', title: 'views', open: createFeedDatabase },
    {
      kind: 'continuous',
      title: url ? 'continuous aggregates' : `continuous aggregates ${NEEDS_COMMUNITY}`,
      open: url ? () => createCommunityDatabase(url) : undefined,
    },
  ];
}

async function dropOwn(url: string): Promise<void> {
  const client = new Client({ connectionString: url });
  try {
    await client.connect();
    const extension = await client.query("SELECT FROM pg_extension WHERE extname = 'timescaledb'");
    if (extension.rows.length === 0) return;
    const { rows } = await client.query<{ statement: string }>(OWN);
    for (const { statement } of rows) await client.query(statement);
  } catch (error) {
    if (!(error instanceof DatabaseError) || error.code !== MISSING) throw error;
  } finally {
    await client.end();
  }
}

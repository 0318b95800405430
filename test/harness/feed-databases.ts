import { createPool, migrate } from '@activity-feed/backend';
import { Client, DatabaseError } from 'pg';
import { prepareViews } from '../../services/feed/src/aggregates/prepare-views';
import { migrations } from '../../services/feed/src/database/migrations';
import { createTestDatabase, silent, type TestDatabase } from './test-database';

/** SQLSTATE for a database that is not there yet. */
const MISSING = '3D000';

const OWN = `
SELECT format('DROP MATERIALIZED VIEW %I CASCADE', view_name) AS statement, 0 AS turn
FROM timescaledb_information.continuous_aggregates WHERE view_schema = current_schema
UNION ALL
SELECT format('DROP TABLE IF EXISTS %I CASCADE', table_name), CASE table_name WHEN 'activities' THEN 1 ELSE 2 END
FROM information_schema.tables WHERE table_schema = current_schema AND table_type = 'BASE TABLE'
ORDER BY 2`;

/** A feed's database where aggregates are views. */
export async function createFeedDatabase(): Promise<TestDatabase> {
  const database = await createTestDatabase('timescaledb', migrations);
  await prepareViews(database.url, silent);
  return database;
}

/** Where the database of the Community edition is that tests may empty; undefined where there is none. */
export const communityUrl = (): string | undefined => process.env.COMMUNITY_DATABASE_URL || undefined;

/** What a test is called that needs it. */
export const NEEDS_COMMUNITY =
  '(needs COMMUNITY_DATABASE_URL: a database of TimescaleDB’s Community edition, which the tests empty)';

/** An empty feed's database of the Community edition, with views that have still to become continuous aggregates. */
export async function createCommunityDatabase(url: string): Promise<TestDatabase> {
  await dropOwn(url);
  await migrate(url, migrations, silent);
  await prepareViews(url, silent);
  // One connection all along: a test server may have one backend for all, where names of prepared statements would meet.
  const pool = createPool(url, 1, silent, { limit: 60_000 });
  pool.options.idleTimeoutMillis = 0;
  const drop = async () => {
    await pool.end();
    await dropOwn(url);
  };
  return { url, pool, drop };
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

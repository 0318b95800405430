import { createPool, type Migration, migrate, untilAvailable } from '@activity-feed/backend';
import type { Logger } from '@activity-feed/hosting';
import type { Pool } from 'pg';
import { pino } from 'pino';
import { dropDatabases } from './databases';
import { testServers, uniqueName } from './servers';

/** A logger without output. */
export const silent = pino({ level: 'silent' }) as Logger;

export interface TestDatabase {
  url: string;
  pool: Pool;
  /** Ends the pool and drops the database. */
  drop(): Promise<void>;
}

/** A migrated database for one test. */
export async function createTestDatabase(
  server: 'postgres' | 'timescaledb',
  migrations: Migration[],
): Promise<TestDatabase> {
  const url = `${testServers()[server]}/${uniqueName()}`;
  // A busy test server may not accept a connection in time.
  await untilAvailable(
    () => migrate(url, migrations, silent),
    silent,
    () => undefined,
  );
  const pool = createPool(url, 40, silent, { limit: 30_000 });
  const drop = async () => {
    await pool.end();
    await dropDatabases([url]);
  };
  return { url, pool, drop };
}

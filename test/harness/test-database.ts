import { createPool, type Migration } from '@activity-feed/backend';
import type { Logger } from '@activity-feed/hosting';
import { Client, type Pool } from 'pg';
import { pino } from 'pino';
import { dropDatabases } from './databases';
import { createMigratedDatabase } from './migrated-databases';
import { testServers, uniqueName } from './servers';

/** A logger without output. */
export const silent = pino({ level: 'silent' }) as Logger;

export interface TestDatabase {
  url: string;
  pool: Pool;
  /** Ends the pool and drops the database. */
  drop(): Promise<void>;
}

/** A pool for a busy machine, which may take longer than a service waits. `limit` also applies to connecting. */
export function createPatientPool(url: string, size: number, limit: number): Pool {
  const pool = createPool(url, size, silent, { limit });
  Object.assign(pool, { Client });
  Object.assign(pool.options, { idle_in_transaction_session_timeout: limit });
  return pool;
}

/** A migrated database for one test. */
export async function createTestDatabase(
  server: 'postgres' | 'timescaledb',
  migrations: Migration[],
): Promise<TestDatabase> {
  const url = `${testServers()[server]}/${uniqueName()}`;
  await createMigratedDatabase(url, migrations);
  const pool = createPatientPool(url, 40, 30_000);
  const drop = async () => {
    await pool.end();
    await dropDatabases([url]);
  };
  return { url, pool, drop };
}

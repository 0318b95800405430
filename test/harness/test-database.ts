import { createHash } from 'node:crypto';
import { createPool, type Migration, migrate, untilAvailable } from '@activity-feed/backend';
import type { Logger } from '@activity-feed/hosting';
import { Client, type Pool } from 'pg';
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
  const address = testServers()[server];
  const name = uniqueName();
  await copyDatabase(address, await findTemplate(address, migrations), name);
  const url = `${address}/${name}`;
  const pool = createPatientPool(url, 40, 30_000);
  const drop = async () => {
    await pool.end();
    await dropDatabases([url]);
  };
  return { url, pool, drop };
}

/** The name of a migrated database, only to be copied, for all files that one process tests. Migrating is slower. */
async function findTemplate(address: string, migrations: Migration[]): Promise<string> {
  const names = migrations.map(({ name }) => name).join();
  const template = `template_${process.pid}_${createHash('sha1').update(names).digest('hex').slice(0, 8)}`;
  const found = await onServer(address, (client) =>
    client.query('SELECT FROM pg_database WHERE datname = $1', [template]),
  );
  if (found.rowCount === 0) {
    // Not the name of a template before all migrations have succeeded.
    const url = `${address}/${uniqueName()}`;
    await untilAvailable(
      () => migrate(url, migrations, silent),
      silent,
      () => undefined,
    );
    const { pathname } = new URL(url);
    await onServer(address, (client) => client.query(`ALTER DATABASE ${pathname.slice(1)} RENAME TO ${template}`));
  }
  return template;
}

const copyDatabase = (address: string, template: string, name: string) =>
  onServer(address, (client) => client.query(`CREATE DATABASE ${name} TEMPLATE ${template} STRATEGY file_copy`));

async function onServer<Result>(address: string, work: (client: Client) => Promise<Result>): Promise<Result> {
  const client = new Client({ connectionString: `${address}/postgres` });
  await client.connect();
  return work(client).finally(() => client.end());
}

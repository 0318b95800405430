import { createHash } from 'node:crypto';
import type { Migration } from '@activity-feed/backend';
import type { Logger } from '@activity-feed/hosting';
import { Client } from 'pg';
import { uniqueName } from './servers';

/**
 * Creates the database of `url`, migrated. Copies a database that is migrated once for all files that one process tests,
 * because migrating takes longer.
 */
export async function createMigratedDatabase(url: string, migrations: readonly Migration[]): Promise<void> {
  const { pathname } = new URL(url);
  const server = url.slice(0, -pathname.length);
  const template = await findTemplate(server, migrations);
  await onServer(server, (client) =>
    client.query(`CREATE DATABASE ${pathname.slice(1)} TEMPLATE ${template} STRATEGY file_copy`),
  );
}

const templates = new Map<string, Promise<string>>();

/** The name of a migrated database, only to be copied. */
function findTemplate(server: string, migrations: readonly Migration[]): Promise<string> {
  const key = server + migrations.map(({ name }) => name);
  const template = templates.get(key) ?? prepareTemplate(server, migrations);
  templates.set(key, template);
  return template;
}

async function prepareTemplate(server: string, migrations: readonly Migration[]): Promise<string> {
  const names = migrations.map(({ name }) => name).join();
  const template = `template_${process.pid}_${createHash('sha1').update(names).digest('hex').slice(0, 8)}`;
  const found = await onServer(server, (client) =>
    client.query('SELECT FROM pg_database WHERE datname = $1', [template]),
  );
  if (found.rowCount === 0) {
    // Not the name of a template before all migrations have succeeded.
    const name = uniqueName();
    await migrateAt(`${server}/${name}`, migrations);
    await onServer(server, (client) => client.query(`ALTER DATABASE ${name} RENAME TO ${template}`));
  }
  return template;
}

async function migrateAt(url: string, migrations: readonly Migration[]): Promise<void> {
  // Loaded only here: most test files of systems find a template.
  const { migrate, untilAvailable } = await import('@activity-feed/backend');
  const { pino } = await import('pino');
  const silent = pino({ level: 'silent' }) as Logger;
  await untilAvailable(
    () => migrate(url, [...migrations], silent),
    silent,
    () => undefined,
  );
}

async function onServer<Result>(server: string, work: (client: Client) => Promise<Result>): Promise<Result> {
  const client = new Client({ connectionString: `${server}/postgres` });
  await client.connect();
  return work(client).finally(() => client.end());
}

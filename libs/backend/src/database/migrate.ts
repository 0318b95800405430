import { advisoryLock } from '@activity-feed/contracts';
import { CONNECT_LIMITS } from '@activity-feed/eventing';
import type { Logger } from '@activity-feed/hosting';
import { type Client, DatabaseError } from 'pg';
import type { MigrationInterface } from 'typeorm';
import { withConnection } from './connect';
import { ensureDatabase } from './ensure-database';

export type Migration = new () => MigrationInterface;

const LOCK = `SELECT pg_advisory_lock(${advisoryLock('migrations')})`;

/** TypeORM's table. */
const APPLIED = `
SELECT name FROM migrations WHERE name = ANY ($1::text[])`;
const UNDEFINED_TABLE = '42P01';

/** Runs pending `migrations`. Instances that start at the same time wait for each other. */
export async function migrate(url: string, migrations: Migration[], logger: Logger): Promise<void> {
  await ensureDatabase(url);
  await withConnection({ connectionString: url }, async (lock) => {
    await lock.query(LOCK);
    if (await areApplied(lock, migrations)) return;
    // Most starts do without it.
    const { DataSource } = await import('typeorm');
    const dataSource = new DataSource({
      type: 'postgres',
      url,
      migrations,
      migrationsTransactionMode: 'each',
      poolSize: 2,
      extra: CONNECT_LIMITS,
    });
    try {
      await dataSource.initialize();
      for (const { name } of await dataSource.runMigrations()) logger.info({ migration: name }, 'database migrated');
    } finally {
      if (dataSource.isInitialized) await dataSource.destroy();
    }
  });
}

async function areApplied(client: Client, migrations: readonly Migration[]): Promise<boolean> {
  try {
    const { rowCount } = await client.query(APPLIED, [migrations.map(({ name }) => name)]);
    return rowCount === migrations.length;
  } catch (error) {
    if (error instanceof DatabaseError && error.code === UNDEFINED_TABLE) return false;
    throw error;
  }
}

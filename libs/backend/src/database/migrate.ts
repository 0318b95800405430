import { advisoryLock } from '@activity-feed/contracts';
import { CONNECT_LIMITS } from '@activity-feed/eventing';
import type { Logger } from '@activity-feed/hosting';
import { DataSource, type MigrationInterface } from 'typeorm';
import { withConnection } from './connect';
import { ensureDatabase } from './ensure-database';

export type Migration = new () => MigrationInterface;

const LOCK = `SELECT pg_advisory_lock(${advisoryLock('migrations')})`;

/** Runs pending `migrations`. Instances that start at the same time wait for each other. */
export async function migrate(url: string, migrations: Migration[], logger: Logger): Promise<void> {
  await ensureDatabase(url);
  await withConnection({ connectionString: url }, async (lock) => {
    await lock.query(LOCK);
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

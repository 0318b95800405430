import { Client } from 'pg';

const SETTINGS = [
  'ALTER SYSTEM SET fsync = off',
  'ALTER SYSTEM SET full_page_writes = off',
  'ALTER SYSTEM SET autovacuum = off',
  'SELECT pg_reload_conf()',
];

/** Lets PostgreSQL servers commit without waiting for the disk and never vacuum: the data is deleted after the tests. */
export async function skipFsync(urls: readonly string[]): Promise<void> {
  for (const url of urls) {
    const client = new Client({ connectionString: `${url}/postgres` });
    await client.connect();
    try {
      for (const setting of SETTINGS) await client.query(setting);
    } finally {
      await client.end();
    }
  }
}

import { Client, DatabaseError } from 'pg';

/** Milliseconds. */
export const CONNECT_LIMIT = 10_000;

const MISSING = '3D000';
const EXISTS = new Set(['42P04', '23505']);

/** Creates the database that `url` names when it is missing, by way of the server's database `postgres`. */
export async function ensureDatabase(url: string): Promise<void> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: CONNECT_LIMIT });
  try {
    await client.connect();
  } catch (error) {
    if (!(error instanceof DatabaseError) || error.code !== MISSING) throw error;
    await createDatabase(url);
  } finally {
    await client.end();
  }
}

async function createDatabase(url: string): Promise<void> {
  const target = new URL(url);
  const name = decodeURIComponent(target.pathname.slice(1));
  target.pathname = '/postgres';
  const client = new Client({ connectionString: target.href, connectionTimeoutMillis: CONNECT_LIMIT });
  await client.connect();
  try {
    await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`);
  } catch (error) {
    // Another instance of the service was quicker.
    if (!(error instanceof DatabaseError) || !EXISTS.has(error.code ?? '')) throw error;
  } finally {
    await client.end();
  }
}

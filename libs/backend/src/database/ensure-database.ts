import { DatabaseError } from 'pg';
import { withConnection } from './connect';

const MISSING = '3D000';
const EXISTS = new Set(['42P04', '23505']);

/** Creates the database that `url` names if it is missing, over a connection to the server's database `postgres`. */
export async function ensureDatabase(url: string): Promise<void> {
  try {
    await withConnection({ connectionString: url }, async () => undefined);
  } catch (error) {
    if (!(error instanceof DatabaseError) || error.code !== MISSING) throw error;
    await createDatabase(url);
  }
}

async function createDatabase(url: string): Promise<void> {
  const target = new URL(url);
  const name = decodeURIComponent(target.pathname.slice(1));
  target.pathname = '/postgres';
  await withConnection({ connectionString: target.href }, async (client) => {
    try {
      await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`);
    } catch (error) {
      // Another instance has created it in the meantime.
      if (!(error instanceof DatabaseError) || !EXISTS.has(error.code ?? '')) throw error;
    }
  });
}

import { Client } from 'pg';

/**
 * Blocks a write service's relay, while writes still succeed: it cannot read or update its cursor. It may still send a
 * batch that it has already read; see `System.holdRelay`. Returns a function that releases the relay.
 */
export async function lockRelayCursor(databaseUrl: string): Promise<() => Promise<void>> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query('BEGIN');
    await client.query('LOCK TABLE relay_cursor IN ACCESS EXCLUSIVE MODE');
  } catch (error) {
    await client.end();
    throw error;
  }
  return () => client.end();
}

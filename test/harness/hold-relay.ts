import { Client } from 'pg';

/**
 * Lets a write service's relay send nothing any more, as if it were stopped, while writes go on: it can neither read nor
 * store how far it is. What it reads at this very moment it still sends; see `System.holdRelay`.
 */
export async function lockRelayCursor(databaseUrl: string): Promise<() => Promise<void>> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query('BEGIN');
  await client.query('LOCK TABLE relay_cursor IN ACCESS EXCLUSIVE MODE');
  return () => client.end();
}

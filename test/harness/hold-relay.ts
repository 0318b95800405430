import { Client } from 'pg';
import { eventually } from './eventually';

const WAITING = "SELECT FROM pg_locks WHERE relation = 'relay_cursor'::regclass AND NOT granted";

/**
 * Stops a write service's relay, while writes still succeed: it cannot update its cursor. `write` must write an event.
 * When this resolves, the relay has sent its last batch and waits. Returns a function that releases it.
 *
 * The lock must not be ACCESS EXCLUSIVE. Such a lock has a transaction id, and the relays of all systems on the server
 * wait until every transaction with an id has ended.
 */
export async function holdRelay(databaseUrl: string, write: () => Promise<unknown>): Promise<() => Promise<void>> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query('BEGIN');
    await client.query('LOCK TABLE relay_cursor IN EXCLUSIVE MODE');
    await write();
    await eventually('the relay waits', async () => (await client.query(WAITING)).rows.length > 0);
  } catch (error) {
    await client.end();
    throw error;
  }
  return () => client.end();
}

import { advisoryLock } from '@activity-feed/contracts';
import { Client } from 'pg';
import { eventually } from './eventually';

/** In this database: those that were copied from the same one have tables with the same numbers. */
const WAITING = `
SELECT FROM pg_locks WHERE relation = 'relay_cursor'::regclass AND NOT granted
  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`;

const TOPICS = 'SELECT topic FROM relay_cursor';
/** Waits until the relay's session ends. PostgreSQL notices within this time if this session ends first. */
const LEAD = [`SET client_connection_check_interval = '100ms'`, `SELECT pg_advisory_lock(${advisoryLock('relay')})`];

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
    const { rows } = await client.query<{ topic: string }>(TOPICS);
    const successors = await Promise.all(rows.map(({ topic }) => succeed(databaseUrl, topic)));
    return async () => {
      await Promise.all([client, ...successors].map((one) => one.end()));
    };
  } catch (error) {
    await client.end();
    throw error;
  }
}

/** Becomes the leader as soon as the relay's statement times out. The relay would send again, later events too. */
async function succeed(databaseUrl: string, topic: string): Promise<Client> {
  const client = new Client({ connectionString: databaseUrl });
  client.on('error', () => undefined);
  await client.connect();
  const [limit, lead] = LEAD as [string, string];
  await client.query(limit);
  client.query(lead, [topic]).catch(() => undefined);
  return client;
}

import { CONNECT_LIMITS } from '@activity-feed/eventing';
import { Client, type ClientConfig } from 'pg';

/** So that a statement, or a wait for a lock, does not outlive a process that was ended. */
const END_WITH_PROCESS = "SET client_connection_check_interval = '1s'";

/** Gives `work` a connection of its own, for as long as it takes. Its loss fails the statement that is under way. */
export async function withConnection<T>(config: ClientConfig, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ ...CONNECT_LIMITS, ...config });
  // Nobody listening, it would end the process.
  client.on('error', () => undefined);
  try {
    await client.connect();
    // A server on a platform without it refuses.
    await client.query(END_WITH_PROCESS).catch(() => undefined);
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}

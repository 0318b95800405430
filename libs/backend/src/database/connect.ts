import { CONNECT_LIMITS } from '@activity-feed/eventing';
import { Client, type ClientConfig } from 'pg';

/** Ends a statement, or a wait for a lock, soon after its process has died. */
const END_WITH_PROCESS = "SET client_connection_check_interval = '1s'";

/** Runs `work` on a dedicated connection. Losing it fails the statement in progress. */
export async function withConnection<T>(config: ClientConfig, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ ...CONNECT_LIMITS, ...config });
  // An error event without a listener would end the process.
  client.on('error', () => undefined);
  try {
    await client.connect();
    // Not supported on every platform that PostgreSQL runs on.
    await client.query(END_WITH_PROCESS).catch(() => undefined);
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}

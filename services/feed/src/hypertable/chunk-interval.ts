import { withConnection } from '@activity-feed/backend';
import { advisoryLock } from '@activity-feed/contracts';

/** Without the lock, concurrent calls can fail with "tuple concurrently updated". */
const LOCK = `SELECT pg_advisory_lock(${advisoryLock('chunkInterval')})`;

export async function setChunkInterval(connectionString: string, interval: string): Promise<void> {
  await withConnection({ connectionString }, async (client) => {
    await client.query(LOCK);
    await client.query("SELECT set_chunk_time_interval('activities', $1::interval)", [interval]);
  });
}

import { withConnection } from '@activity-feed/backend';
import { advisoryLock } from '@activity-feed/contracts';

/** TimescaleDB fails with "tuple concurrently updated" for one of two instances that set it at once. */
const LOCK = `SELECT pg_advisory_lock(${advisoryLock('chunkInterval')})`;

/** Sets how much time a chunk of the hypertable holds, from the next chunk on. */
export async function setChunkInterval(connectionString: string, interval: string): Promise<void> {
  await withConnection({ connectionString }, async (client) => {
    await client.query(LOCK);
    await client.query("SELECT set_chunk_time_interval('activities', $1::interval)", [interval]);
  });
}

import { withConnection } from '@activity-feed/backend';

/** Sets how much time a chunk of the hypertable holds, from the next chunk on. */
export async function setChunkInterval(connectionString: string, interval: string): Promise<void> {
  await withConnection({ connectionString }, (client) =>
    client.query("SELECT set_chunk_time_interval('activities', $1::interval)", [interval]),
  );
}

import { Client } from 'pg';

/** Sets how much time a chunk of the hypertable holds, from the next chunk on. */
export async function setChunkInterval(connectionString: string, interval: string): Promise<void> {
  const client = new Client({ connectionString });
  await client.connect();
  try {
    await client.query("SELECT set_chunk_time_interval('activities', $1::interval)", [interval]);
  } finally {
    await client.end();
  }
}

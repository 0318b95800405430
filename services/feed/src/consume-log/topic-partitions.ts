import { WrongPartitions } from '@activity-feed/eventing';
import type { Pool } from 'pg';

interface Recorded {
  topic: string;
  partitions: number;
}

const RECORD = `
INSERT INTO topic_partitions (topic, partitions) SELECT * FROM unnest($1::text[], $2::int[]) ON CONFLICT DO NOTHING`;
const READ = 'SELECT topic, partitions FROM topic_partitions';

/** Records the number of partitions of topics that are not recorded yet. */
export async function recordPartitions(pool: Pool, found: ReadonlyMap<string, number>): Promise<void> {
  await pool.query(RECORD, [[...found.keys()], [...found.values()]]);
}

/** Throws WrongPartitions if a topic's number of partitions differs from the recorded one. */
export async function assertPartitions(pool: Pool, found: ReadonlyMap<string, number>): Promise<void> {
  const { rows } = await pool.query<Recorded>(READ);
  for (const { topic, partitions } of rows) {
    WrongPartitions.assertUnchanged(topic, found.get(topic) ?? partitions, partitions);
  }
}

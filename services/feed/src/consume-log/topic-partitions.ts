import { WrongPartitions } from '@activity-feed/eventing';
import type { Pool } from 'pg';

interface Recorded {
  topic: string;
  partitions: number;
}

const RECORD = `
INSERT INTO topic_partitions (topic, partitions) SELECT * FROM unnest($1::text[], $2::int[]) ON CONFLICT DO NOTHING`;
const READ = 'SELECT topic, partitions FROM topic_partitions';

/** Records how many partitions topics have that are read for the first time. */
export async function recordPartitions(pool: Pool, found: ReadonlyMap<string, number>): Promise<void> {
  await pool.query(RECORD, [[...found.keys()], [...found.values()]]);
}

/** Throws WrongPartitions when a topic has not as many partitions as when it was first read. */
export async function assertPartitions(pool: Pool, found: ReadonlyMap<string, number>): Promise<void> {
  const { rows } = await pool.query<Recorded>(READ);
  for (const { topic, partitions } of rows) {
    WrongPartitions.assertUnchanged(topic, found.get(topic) ?? partitions, partitions);
  }
}

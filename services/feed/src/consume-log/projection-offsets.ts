import type { PartitionPlace } from '@activity-feed/eventing';
import type { ClientBase, Pool } from 'pg';

/** The next offset to read from a partition; 0 if it was never read. */
export async function readOffset(client: ClientBase | Pool, { topic, partition }: PartitionPlace): Promise<bigint> {
  const { rows } = await client.query<{ next: string }>(
    'SELECT next_offset::text AS next FROM projection_offsets WHERE topic = $1 AND partition = $2',
    [topic, partition],
  );
  return BigInt(rows[0]?.next ?? 0);
}

const MISSING = `
SELECT FROM unnest($1::text[], $2::int[], $3::bigint[]) AS wanted(topic, partition, next)
LEFT JOIN projection_offsets AS offsets USING (topic, partition)
WHERE coalesce(next_offset, 0) < wanted.next`;

export interface PlacedOffset extends PartitionPlace {
  offset: bigint;
}

/** Whether everything before each of the offsets is written. */
export async function isProjected(pool: Pool, wanted: readonly PlacedOffset[]): Promise<boolean> {
  const topics = wanted.map(({ topic }) => topic);
  const partitions = wanted.map(({ partition }) => partition);
  const { rowCount } = await pool.query(MISSING, [topics, partitions, wanted.map(({ offset }) => String(offset))]);
  return rowCount === 0;
}

/**
 * Reads the offset and locks its row for this transaction. An instance that has lost the partition without noticing thus
 * sees the new owner's offset, and writes nothing.
 */
export async function lockOffset(tx: ClientBase, place: PartitionPlace): Promise<bigint> {
  const { topic, partition } = place;
  const { rows } = await tx.query<{ next: string }>(
    `INSERT INTO projection_offsets (topic, partition, next_offset) VALUES ($1, $2, 0)
     ON CONFLICT (topic, partition) DO UPDATE SET next_offset = projection_offsets.next_offset
     RETURNING next_offset::text AS next`,
    [topic, partition],
  );
  return BigInt(rows[0]?.next ?? 0);
}

export async function storeOffset(tx: ClientBase, { topic, partition }: PartitionPlace, next: bigint): Promise<void> {
  await tx.query('UPDATE projection_offsets SET next_offset = $3 WHERE topic = $1 AND partition = $2', [
    topic,
    partition,
    String(next),
  ]);
}

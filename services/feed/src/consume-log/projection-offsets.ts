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

const LOCK = {
  name: 'lock-offsets',
  text: `
SELECT next_offset::text AS next, topic, partition
FROM projection_offsets JOIN unnest($1::text[], $2::int[]) AS wanted(topic, partition) USING (topic, partition)
ORDER BY topic, partition FOR UPDATE OF projection_offsets`,
};

const MISSING_ROW = -1;

const STORE = {
  name: 'store-offsets',
  text: `
UPDATE projection_offsets SET next_offset = reached.next
FROM unnest($1::text[], $2::int[], $3::bigint[]) AS reached(topic, partition, next)
WHERE projection_offsets.topic = reached.topic AND projection_offsets.partition = reached.partition`,
};

/**
 * Reads the offset of each place, and locks its row for this transaction. An instance that has lost a partition without
 * noticing thus sees the new owner's offset, and writes nothing. Below 0 if the row is missing; see {@link createOffset}.
 */
export async function lockOffsets(tx: ClientBase, places: readonly PartitionPlace[]): Promise<bigint[]> {
  const values = [places.map(({ topic }) => topic), places.map(({ partition }) => partition)];
  const { rows } = await tx.query<PartitionPlace & { next: string }>({ ...LOCK, values });
  return places.map((place) => {
    const row = rows.find(({ topic, partition }) => topic === place.topic && partition === place.partition);
    return BigInt(row?.next ?? MISSING_ROW);
  });
}

/** The rows must be locked. */
export async function storeOffsets(tx: ClientBase, reached: readonly PlacedOffset[]): Promise<void> {
  const places = [reached.map(({ topic }) => topic), reached.map(({ partition }) => partition)];
  await tx.query({ ...STORE, values: [...places, reached.map(({ offset }) => String(offset))] });
}

/** Creates the row of a partition that was never read. */
export async function createOffset(client: ClientBase | Pool, { topic, partition }: PartitionPlace): Promise<void> {
  await client.query('INSERT INTO projection_offsets VALUES ($1, $2, 0) ON CONFLICT DO NOTHING', [topic, partition]);
}

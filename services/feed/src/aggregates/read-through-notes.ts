import type { Pool, QueryResultRow } from 'pg';

/**
 * A read of closed buckets as two statements, each of which sees one snapshot of notes, aggregate and activities. `plain`
 * reads the aggregate alone, and returns nothing if there are notes. `noted` takes noted buckets from their activities, and
 * is right without notes too. So a read without notes, which is usual, costs what the aggregate costs.
 */
export interface ReadOfClosedBuckets {
  plain: string;
  noted: string;
}

export async function readThroughNotes<Row extends QueryResultRow>(
  pool: Pool,
  { plain, noted }: ReadOfClosedBuckets,
  values: unknown[],
): Promise<Row[]> {
  const { rows } = await pool.query<Row>(plain, values);
  return rows.length > 0 ? rows : (await pool.query<Row>(noted, values)).rows;
}

import type { Pool, QueryResultRow } from 'pg';

/**
 * A read of closed buckets as two statements, each of which sees one snapshot of notes, states, aggregate and activities.
 * `plain` reads the aggregate alone, and returns nothing if there are notes, or activities of deleted or restored objects
 * that are still to be moved. `noted` takes noted buckets from their activities and shows what is to be moved as if it were
 * moved; it is right without either too. So the usual read costs what the aggregate costs.
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

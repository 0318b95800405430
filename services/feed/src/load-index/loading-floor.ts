import { type Microseconds, sqlMicroseconds } from '@activity-feed/contracts';
import type { ClientBase } from 'pg';
import { justBefore } from '../activity/durations';

interface Chunk {
  name: string;
  start: Microseconds;
  /** pg_class.reltuples: may be too low for a chunk that is being written, -1 if never analyzed. */
  rows: number;
  compressed: boolean;
}

const CHUNKS = `
SELECT relation::text AS name, ${sqlMicroseconds('range_start')} AS start,
       reltuples::float8 AS rows, is_compressed AS compressed
FROM timescaledb_information.chunks, format('%I.%I', chunk_schema, chunk_name) AS relation
JOIN pg_class ON pg_class.oid = relation::regclass
WHERE hypertable_name = 'activities' AND hypertable_schema = current_schema ORDER BY range_start DESC`;

/**
 * The time after which there are about `budget` activities or more, by whole chunks; minus infinity if there are fewer.
 */
export async function loadingFloor(client: ClientBase, budget: number): Promise<Microseconds> {
  const { rows: chunks } = await client.query<Chunk>(CHUNKS);
  let counted = 0;
  for (const chunk of chunks.slice(0, -1)) {
    counted += await rowsOf(client, chunk);
    if (counted >= budget) return justBefore(chunk.start);
  }
  return Number.NEGATIVE_INFINITY as Microseconds;
}

/** A compressed chunk has no useful reltuples, but counting its rows is fast. */
async function rowsOf(client: ClientBase, { name, rows, compressed }: Chunk): Promise<number> {
  if (!compressed) return Math.max(rows, 0);
  const counted = await client.query<{ count: number }>(`SELECT count(*)::float8 AS count FROM ${name}`);
  return counted.rows[0]?.count ?? 0;
}

import type { ClientBase } from 'pg';

interface Chunk {
  /** Microseconds since 1970. */
  start: number;
  rows: number;
}

/** Newest first, with the planner's counts, which may be too low for a chunk that is being written. */
const CHUNKS = `
SELECT (extract(epoch FROM range_start) * 1000000)::float8 AS start, reltuples::float8 AS rows
FROM timescaledb_information.chunks
JOIN pg_class ON pg_class.oid = format('%I.%I', chunk_schema, chunk_name)::regclass
WHERE hypertable_name = 'activities' AND hypertable_schema = current_schema ORDER BY range_start DESC`;

/**
 * The time (microseconds since 1970) after which about `budget` activities or some more lie, by whole chunks; minus
 * infinity when there are fewer.
 */
export async function loadingFloor(client: ClientBase, budget: number): Promise<number> {
  const { rows: chunks } = await client.query<Chunk>(CHUNKS);
  return floorOf(chunks, budget);
}

/** `chunks` are newest first. */
export function floorOf(chunks: readonly Chunk[], budget: number): number {
  let counted = 0;
  for (const { start, rows } of chunks.slice(0, -1)) {
    // -1 says that nobody has counted yet.
    counted += Math.max(rows, 0);
    if (counted >= budget) return start - 1;
  }
  return Number.NEGATIVE_INFINITY;
}

import { type Milliseconds, sqlMilliseconds } from '@activity-feed/contracts';
import type { ClientBase } from 'pg';
import { BUCKET_LENGTH, bucketStart } from '../aggregates/aggregate-time';
import { readLateDays } from '../aggregates/late-activities';

const CHUNKS = `
SELECT ${sqlMilliseconds('min(range_start)')} AS oldest,
       ${sqlMilliseconds('max(range_end) FILTER (WHERE range_end <= $1::timestamptz)')} AS droppable
FROM timescaledb_information.chunks WHERE hypertable_name = 'activities' AND hypertable_schema = current_schema`;

const KNOWN = `
SELECT ${sqlMilliseconds('oldest_chunk')} AS oldest,
       CASE WHEN isfinite(dropped_until) THEN ${sqlMilliseconds('dropped_until')} END AS dropped
FROM activities_retention`;

const STORE = `
INSERT INTO activities_retention (oldest_chunk, dropped_until) VALUES ($1, coalesce($2, '-infinity'::timestamptz))
ON CONFLICT (one_row) DO UPDATE SET oldest_chunk = excluded.oldest_chunk, dropped_until = excluded.dropped_until`;

/**
 * The time from which aggregates may be refreshed: a refresh of dropped chunks would erase their aggregates. Chunks
 * dropped by a policy or by hand are detected by a newer oldest chunk. Minus infinity if no chunk was dropped.
 */
export async function refreshableFrom(client: ClientBase): Promise<Milliseconds> {
  const { oldest } = await readChunks(client, 0);
  const known = await readKnown(client);
  if (oldest === null) return known?.dropped ?? Number.NEGATIVE_INFINITY;
  const detected = known && oldest > known.oldest ? oldest : Number.NEGATIVE_INFINITY;
  const dropped = Math.max(detected, known?.dropped ?? Number.NEGATIVE_INFINITY);
  if (oldest !== known?.oldest) await store(client, oldest, dropped);
  // A partly dropped bucket must not be refreshed either.
  return Number.isFinite(dropped) ? bucketStart('day', dropped + BUCKET_LENGTH.day - 1) : dropped;
}

/** The end of the newest chunk that lies completely before `limit`; undefined if there is none. */
export async function droppableUntil(client: ClientBase, limit: Milliseconds): Promise<Milliseconds | undefined> {
  return (await readChunks(client, limit)).droppable ?? undefined;
}

/** Beside `activities`. If a deleted object is restored later, only the activities since then return. */
const DROP_OTHERS = ['hidden_activities', 'undone_activities', 'notices'].map(
  (table) => `DELETE FROM ${table} WHERE time < $1::timestamptz`,
);

/** Drops all chunks before `end`, the end of a chunk; false if late activities have arrived there. */
export async function dropChunks(client: ClientBase, end: Milliseconds): Promise<boolean> {
  const known = await readKnown(client);
  // Stored first, so that after a crash in between no refresh reaches the dropped chunks.
  await store(client, known?.oldest ?? end, Math.max(end, known?.dropped ?? end));
  // A read that sees a note but not yet the stored time needs the rows. Later reads ignore notes before that time.
  if ((await readLateDays(client)).some(({ from }) => from < end)) return false;
  for (const table of ['activities', 'notices']) {
    await client.query(`SELECT drop_chunks('${table}', older_than => $1::timestamptz)`, [new Date(end)]);
  }
  for (const statement of DROP_OTHERS) await client.query(statement, [new Date(end)]);
  // The oldest remaining chunk may begin after `end`; the gap was empty, not dropped.
  const { oldest } = await readChunks(client, 0);
  await store(client, oldest ?? end, Math.max(end, known?.dropped ?? end));
  return true;
}

async function readChunks(client: ClientBase, limit: Milliseconds) {
  const { rows } = await client.query<{ oldest: Milliseconds | null; droppable: Milliseconds | null }>(CHUNKS, [
    new Date(limit),
  ]);
  return rows[0] as { oldest: Milliseconds | null; droppable: Milliseconds | null };
}

async function readKnown(client: ClientBase) {
  const { rows } = await client.query<{ oldest: Milliseconds; dropped: Milliseconds | null }>(KNOWN);
  return rows[0];
}

async function store(client: ClientBase, oldest: Milliseconds, dropped: Milliseconds): Promise<void> {
  await client.query(STORE, [new Date(oldest), Number.isFinite(dropped) ? new Date(dropped) : null]);
}

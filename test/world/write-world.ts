import { SOURCES, type Source } from '@activity-feed/contracts';
import type { Client } from 'pg';
import { type EventRow, EventRows } from './event-rows.ts';
import type { WorldPlace } from './find-place.ts';
import type { WorldPlan } from './plan.ts';
import type { Stores } from './stores.ts';
import { World } from './world.ts';
import { type WorldEvent, writeChunk } from './write-chunk.ts';

/** Events of one transaction: few enough for a relay that tells them while the next ones are written. */
const CHUNK = 20_000;

/**
 * Writes what is missing of a world to the events tables, each chunk of a source in a transaction of its own. Ends
 * early, at the end of a chunk, when `signal` is aborted; the next run goes on there.
 */
export async function writeWorld(
  stores: Stores,
  { plan, mark, written }: WorldPlace,
  onWritten: (events: number) => void,
  signal: AbortSignal,
): Promise<void> {
  const rows = new EventRows(plan);
  const pending: Record<Source, WorldEvent[]> = { 'social-graph': [], activity: [] };
  const passed: Record<Source, number> = { 'social-graph': 0, activity: 0 };
  const flush = async (source: Source) => {
    const events = pending[source];
    pending[source] = [];
    await inTransaction(stores.write[source], async (client) => {
      await writeChunk(client, source, events, plan, rows);
      await setSequences(client, source, events, plan);
    });
    onWritten(events.length);
  };

  for (const happening of new World(plan).happenings()) {
    if (signal.aborted) return;
    const row = rows.rowOf(happening);
    const { source } = row;
    passed[source]++;
    if (passed[source] <= written[source]) continue;
    // The first event tells the whole plan, for a run that goes on.
    const isFirst = source === 'social-graph' && passed[source] === 1;
    const metadata = isFirst ? { world: mark, plan } : { world: mark };
    pending[source].push({ row, happening, metadata: JSON.stringify(metadata) });
    if (pending[source].length >= CHUNK) await flush(source);
  }
  for (const source of SOURCES) if (pending[source].length > 0 && !signal.aborted) await flush(source);
}

async function inTransaction(client: Client, work: (client: Client) => Promise<void>): Promise<void> {
  await client.query('BEGIN');
  try {
    await work(client);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  }
}

/** Lets the ids that the services give go on after those of the world. */
async function setSequences(client: Client, source: Source, events: WorldEvent[], plan: WorldPlan): Promise<void> {
  if (source === 'social-graph') {
    const last = plan.firstIds.user + plan.users - 1;
    await client.query("SELECT setval('user_ids', $1) FROM user_ids WHERE last_value < $1", [last]);
    return;
  }
  for (const type of ['post', 'photo'] as const) {
    const last = events.findLast(({ row, happening }) => isPosted(row) && happening.object?.type === type);
    if (last) await client.query('SELECT setval($1, $2)', [`${type}_ids`, last.happening.object?.id]);
  }
}

const isPosted = ({ type }: EventRow) => type === 'activity.object-posted.v1';

import { WRITE_SERVICES, type WriteService } from '@activity-feed/contracts';
import { inTransactionOf } from '@activity-feed/eventing';
import { admitUsers } from './admit-users.ts';
import { EventRows } from './event-rows.ts';
import type { WorldPlace } from './find-place.ts';
import type { Stores } from './stores.ts';
import { World } from './world.ts';
import { type WorldEvent, writeChunk } from './write-chunk.ts';

/** Events per transaction. Relays wait for open transactions, so it must not be too large. */
const CHUNK = 20_000;

/**
 * Writes the missing events of a world, one transaction per chunk, and then gives its users their keys. If `signal`
 * aborts, it stops after the current chunk and the next run continues there.
 */
export async function writeWorld(
  stores: Stores,
  { plan, mark, size, written, names }: WorldPlace,
  onWritten: (events: number) => void,
  signal: AbortSignal,
): Promise<void> {
  const rows = new EventRows(plan, (user) => names.of(user));
  const pending: Record<WriteService, WorldEvent[]> = { 'social-graph': [], activity: [] };
  const passed: Record<WriteService, number> = { 'social-graph': 0, activity: 0 };
  const flush = async (source: WriteService) => {
    const events = pending[source];
    pending[source] = [];
    const client = stores.write[source];
    await inTransactionOf(client, () => writeChunk(client, source, events, { rows, names, seed: plan.seed }));
    onWritten(events.length);
  };

  for (const happening of new World(plan).happenings()) {
    if (signal.aborted) return;
    // All other events need the names that are chosen when registrations are written.
    const first = pending['social-graph'][0];
    if (first && isRegistration(first.happening) && !isRegistration(happening)) await flush('social-graph');
    const row = rows.rowOf(happening);
    const { source } = row;
    passed[source]++;
    if (passed[source] <= written[source]) continue;
    // The first event carries what a later run needs to continue.
    const isFirst = source === 'social-graph' && passed[source] === 1;
    const metadata = isFirst ? { world: mark, plan, events: size.events } : { world: mark };
    pending[source].push({ row, happening, metadata: JSON.stringify(metadata) });
    if (pending[source].length >= CHUNK) await flush(source);
  }
  for (const source of WRITE_SERVICES) if (pending[source].length > 0 && !signal.aborted) await flush(source);
  await admitUsers(stores.write['social-graph'], plan, signal);
}

const isRegistration = ({ type }: { type: string }) => type === 'social-graph.user-registered.v1';

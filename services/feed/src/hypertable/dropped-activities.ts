import { type Microseconds, sqlMicroseconds } from '@activity-feed/contracts';
import type { ClientBase, Pool } from 'pg';

const DROPPED = `
SELECT ${sqlMicroseconds('dropped_until')} AS until FROM activities_retention
WHERE isfinite(dropped_until)`;

/** The time before which activities were dropped; undefined if none were. */
export async function readDroppedUntil(client: ClientBase | Pool): Promise<Microseconds | undefined> {
  return (await client.query<{ until: Microseconds }>(DROPPED)).rows[0]?.until;
}

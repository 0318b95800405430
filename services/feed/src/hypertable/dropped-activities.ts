import type { ClientBase, Pool } from 'pg';

const DROPPED = `
SELECT (extract(epoch FROM dropped_until) * 1000000)::float8 AS until FROM activities_retention
WHERE isfinite(dropped_until)`;

/** The time before which activities were dropped, in microseconds since 1970; undefined if none were. */
export async function readDroppedUntil(client: ClientBase | Pool): Promise<number | undefined> {
  return (await client.query<{ until: number }>(DROPPED)).rows[0]?.until;
}

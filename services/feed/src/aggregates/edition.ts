import type { ClientBase } from 'pg';

/** TimescaleDB's edition: only `community` has continuous aggregates, compression and policies. */
export type Edition = 'apache' | 'community';

export async function readEdition(client: ClientBase): Promise<Edition> {
  const { rows } = await client.query<{ license: string }>("SELECT current_setting('timescaledb.license') AS license");
  return rows[0]?.license === 'timescale' ? 'community' : 'apache';
}

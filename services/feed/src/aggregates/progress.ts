import { type Milliseconds, sqlMilliseconds } from '@activity-feed/contracts';
import type { ClientBase, Pool } from 'pg';

/** The range in which a continuous aggregate has been materialised at least once. */
export interface Progress {
  from: Milliseconds;
  until: Milliseconds;
}

const READ = `
SELECT ${sqlMilliseconds('filled_from')} AS from, ${sqlMilliseconds('filled_until')} AS until
FROM aggregate_progress WHERE aggregate = $1`;

const STORE = `
INSERT INTO aggregate_progress (aggregate, filled_from, filled_until) VALUES ($1, $2, $3)
ON CONFLICT (aggregate) DO UPDATE SET filled_from = excluded.filled_from, filled_until = excluded.filled_until`;

/** Undefined while the continuous aggregate `name` is empty. */
export async function readProgress(client: ClientBase, name: string): Promise<Progress | undefined> {
  return (await client.query<Progress>(READ, [name])).rows[0];
}

export async function storeProgress(client: ClientBase | Pool, name: string, { from, until }: Progress): Promise<void> {
  await client.query(STORE, [name, new Date(from), new Date(until)]);
}

export async function forgetProgress(client: ClientBase, name: string): Promise<void> {
  await client.query('DELETE FROM aggregate_progress WHERE aggregate = $1', [name]);
}

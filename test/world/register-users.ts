import type { EventTime } from '@activity-feed/contracts';
import type { ClientBase } from 'pg';
import { nameAfter } from './names.ts';

export interface NewUser {
  /** Counted from 0. */
  user: number;
  id: number;
  time: EventTime;
}

/**
 * Inserts in the order of names: two transactions that insert the same new names could otherwise deadlock. Waits for a
 * transaction that has inserted the same name but not committed.
 */
const INSERT = `
INSERT INTO users (id, name, created_at, updated_at)
SELECT id, name, time, time FROM unnest($1::int[], $2::text[], $3::timestamptz[]) AS u(id, name, time) ORDER BY name
ON CONFLICT (name) DO NOTHING RETURNING id, name`;

/** Registers users in the transaction of `client`. A user whose name in the world is taken gets another name. */
export async function registerUsers(
  client: ClientBase,
  users: readonly NewUser[],
  seed: number,
): Promise<{ id: number; name: string }[]> {
  const registered: { id: number; name: string }[] = [];
  let left = users;
  for (let attempt = 0; left.length > 0; attempt++) {
    const { rows } = await client.query<{ id: number; name: string }>(INSERT, [
      left.map(({ id }) => id),
      left.map(({ user }) => nameAfter(attempt, user, seed)),
      left.map(({ time }) => time),
    ]);
    registered.push(...rows);
    const named = new Set(rows.map(({ id }) => id));
    left = left.filter(({ id }) => !named.has(id));
  }
  return registered;
}

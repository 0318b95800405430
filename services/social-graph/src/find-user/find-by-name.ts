import type { Refusal, User, WriteAnswer } from '@activity-feed/contracts';
import type { Pool } from 'pg';

/** Relies on the unique index users_name_key. */
const NAMED = { name: 'find-by-name', text: 'SELECT id, name, suspended FROM users WHERE name = $1' };

interface Found {
  user: User;
  suspended: boolean;
}

/** The user with this name, suspended or not; undefined if there is none. Names never change. */
export async function findAnyByName(pool: Pool, named: string): Promise<Found | undefined> {
  const [row] = (await pool.query<User & { suspended: boolean }>(NAMED, [named])).rows;
  return row && { user: { id: row.id, name: row.name }, suspended: row.suspended };
}

/** The same, but a suspended user is not found. */
export async function findByName(pool: Pool, name: string): Promise<User | undefined> {
  const found = await findAnyByName(pool, name);
  return found?.suspended ? undefined : found?.user;
}

/**
 * Carries out a command that takes back something between its actor and the named user, who may be suspended: that user is
 * found only if there is something.
 */
export async function undoWith<Answer extends WriteAnswer>(
  pool: Pool,
  name: string,
  undo: (user: User) => Promise<Answer>,
): Promise<Answer | Refusal> {
  const found = await findAnyByName(pool, name);
  if (!found) return NOT_FOUND;
  const answer = await undo(found.user);
  return found.suspended && answer.ok && answer.value.outcome === 'unchanged' ? NOT_FOUND : answer;
}

const NOT_FOUND: Refusal = { ok: false, code: 'USER_NOT_FOUND' };

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

/** Makes an answer to a command about a user who may be suspended. */
export type Concealing = (answer: WriteAnswer) => WriteAnswer;

/** Of a user who is found. */
export const notConcealing: Concealing = (answer) => answer;

/** A suspended user is found only if there is something to take back. */
const concealing: Concealing = (answer) => (answer.ok && answer.value.outcome === 'unchanged' ? NOT_FOUND : answer);

/** Carries out a command that takes back something between its actor and the named user, who may be suspended. */
export async function undoWith(
  pool: Pool,
  name: string,
  undo: (user: User, conceal: Concealing) => Promise<WriteAnswer>,
): Promise<WriteAnswer> {
  const found = await findAnyByName(pool, name);
  if (!found) return NOT_FOUND;
  return undo(found.user, found.suspended ? concealing : notConcealing);
}

const NOT_FOUND: Refusal = { ok: false, code: 'USER_NOT_FOUND' };

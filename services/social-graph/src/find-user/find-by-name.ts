import type { User } from '@activity-feed/contracts';
import type { Pool } from 'pg';

/** Relies on the unique index users_name_key. */
const NAMED = { name: 'find-by-name', text: 'SELECT id, name FROM users WHERE name = $1' };

/** The user with this name, which never changes; undefined if there is none. */
export async function findByName(pool: Pool, name: string): Promise<User | undefined> {
  return (await pool.query<User>(NAMED, [name])).rows[0];
}

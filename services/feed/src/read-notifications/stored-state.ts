import { Marks, NO_MARKS, type UserId } from '@activity-feed/contracts';
import type { Pool } from 'pg';

/** Relies on the primary key of notification_marks. */
const MARKS = {
  name: 'read-notification-marks',
  text: 'SELECT marks FROM notification_marks WHERE user_id = $1',
};

export async function readMarks(pool: Pool, user: UserId): Promise<Marks> {
  const { rows } = await pool.query<{ marks: unknown }>(MARKS, [user]);
  return rows[0] ? Marks.parse(rows[0].marks) : NO_MARKS;
}

const NAMES = { name: 'read-names', text: 'SELECT id, name FROM users WHERE id = ANY ($1::int[])' };

export async function readNames(pool: Pool, ids: readonly number[]): Promise<Map<number, string>> {
  const { rows } = await pool.query<{ id: number; name: string }>(NAMES, [ids]);
  return new Map(rows.map(({ id, name }) => [id, name]));
}

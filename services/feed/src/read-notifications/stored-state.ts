import {
  EVENT_SOURCES,
  type EventSource,
  type LogPosition,
  Marks,
  NO_MARKS,
  TOPICS,
  type UserId,
} from '@activity-feed/contracts';
import type { Pool } from 'pg';

const OFFSETS = {
  name: 'read-log-position',
  text: 'SELECT topic, partition, next_offset AS next FROM projection_offsets',
};

/** What the database has of the log. */
export async function readLogPosition(pool: Pool): Promise<LogPosition> {
  const { rows } = await pool.query<{ topic: string; partition: number; next: number }>(OFFSETS);
  const position = Object.fromEntries(EVENT_SOURCES.map((source) => [source, [] as number[]])) as Record<
    EventSource,
    number[]
  >;
  for (const { topic, partition, next } of rows) {
    const source = EVENT_SOURCES.find((one) => TOPICS[one] === topic);
    if (source) position[source][partition] = next;
  }
  // Partitions that nothing was read from are missing.
  for (const source of EVENT_SOURCES) position[source] = Array.from(position[source], (offset) => offset ?? 0);
  return position;
}

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

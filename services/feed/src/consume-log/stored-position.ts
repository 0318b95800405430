import {
  EVENT_SOURCES,
  type EventSource,
  encodeFeedPosition,
  type LogPosition,
  TOPICS,
} from '@activity-feed/contracts';
import type { Pool } from 'pg';
import { readEpoch } from './log-epoch';

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

/** The same as clients keep it. */
export async function readFeedPosition(pool: Pool): Promise<string> {
  const [epoch, log] = await Promise.all([readEpoch(pool), readLogPosition(pool)]);
  return encodeFeedPosition({ epoch, log });
}

import {
  type EventId,
  type EventTime,
  type NewEvent,
  type StoredEvent,
  sqlEventTime,
  type UserId,
} from '@activity-feed/contracts';
import type { ClientBase } from 'pg';
import { v7 } from 'uuid';

/** Relies on the unique index (stream, version), and on the stream's lock being held since an earlier statement. */
const APPEND = `
WITH head AS (SELECT version, time FROM events WHERE stream = $2 ORDER BY version DESC LIMIT 1)
INSERT INTO events (event_id, stream, version, type, data, metadata, time)
SELECT $1, $2, coalesce((SELECT version FROM head), 0) + 1, $3, $4, $5,
       greatest(clock_timestamp(), (SELECT time FROM head) + interval '1 microsecond')
RETURNING version::float8 AS version, ${sqlEventTime('time')} AS time`;

const HEAD = 'SELECT coalesce(max(version), 0)::float8 AS version FROM events WHERE stream = $1';

export interface EventMetadata {
  traceparent?: string | undefined;
}

/** Makes the transaction's other appends to `stream` wait for its end. Must be a statement of its own, before any read. */
export const sqlLockStream = (stream: UserId): string => `SELECT pg_advisory_xact_lock(${BigInt(stream)})`;

/** Gives `event` the next version of `stream` and a time later than all before it, whatever the clock does. */
export async function appendEvent<Event extends NewEvent>(
  tx: ClientBase,
  stream: UserId,
  event: Event,
  metadata: EventMetadata,
): Promise<Event & StoredEvent> {
  const id = v7() as EventId;
  const values = [id, stream, event.type, JSON.stringify(event.data), JSON.stringify(metadata)];
  const { rows } = await tx.query<{ version: number; time: EventTime }>(APPEND, values);
  return { ...event, ...metadata, ...rows[0], id, stream } as Event & StoredEvent;
}

/** The version of the newest event of `stream`, 0 without any. */
export async function readStreamVersion(client: Pick<ClientBase, 'query'>, stream: UserId): Promise<number> {
  const { rows } = await client.query<{ version: number }>(HEAD, [stream]);
  return rows[0]?.version ?? 0;
}

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

/**
 * Appends one event to each of several streams. Relies on the unique index (stream, version) and on the streams' locks,
 * which an earlier statement must have taken: otherwise the snapshot may be older than the lock.
 */
const APPEND = {
  name: 'append-events',
  text: `
WITH new AS (
  SELECT * FROM unnest($1::uuid[], $2::int[], $3::text[], $4::jsonb[], $5::jsonb[]) AS e(event_id, stream, type, data, metadata)
), placed AS (
  SELECT new.*, coalesce(head.version, 0) + 1 AS version,
         greatest(clock_timestamp(), head.time + interval '1 microsecond') AS time
  FROM new LEFT JOIN LATERAL (
    SELECT version, time FROM events WHERE events.stream = new.stream ORDER BY version DESC LIMIT 1
  ) AS head ON true
)
INSERT INTO events (event_id, stream, version, type, data, metadata, time)
SELECT event_id, stream, version, type, data, metadata, time FROM placed
RETURNING stream, version::float8 AS version, ${sqlEventTime('time')} AS time`,
};

const HEADS = {
  name: 'stream-versions',
  text: `
SELECT coalesce((SELECT max(version) FROM events WHERE events.stream = wanted.stream), 0)::float8 AS version
FROM unnest($1::int[]) WITH ORDINALITY AS wanted(stream, place) ORDER BY place`,
};

export interface UnplacedEvent<Event extends NewEvent = NewEvent> {
  stream: UserId;
  event: Event;
  traceparent?: string | undefined;
}

/**
 * SQL that blocks other transactions' appends to `streams` until the end of this one. Must run before any read, in its
 * own statement. Every transaction takes locks in the same order, so there are no deadlocks.
 */
export function sqlLockStreams(streams: readonly UserId[]): string {
  const ascending = [...streams].sort((a, b) => a - b);
  return ascending.map((stream) => `SELECT pg_advisory_xact_lock(${BigInt(stream)})`).join('; ');
}

/**
 * Appends each event with the next version of its stream. Its time is later than that of all earlier events of the
 * stream, even if the clock has gone back.
 */
export async function appendEvents<Event extends NewEvent>(
  tx: ClientBase,
  unplaced: readonly UnplacedEvent<Event>[],
): Promise<(Event & StoredEvent)[]> {
  const ids = unplaced.map(() => v7() as EventId);
  const { rows } = await tx.query<{ stream: UserId; version: number; time: EventTime }>(APPEND, [
    ids,
    unplaced.map(({ stream }) => stream),
    unplaced.map(({ event }) => event.type),
    unplaced.map(({ event }) => JSON.stringify(event.data)),
    unplaced.map(({ traceparent }) => JSON.stringify({ traceparent })),
  ]);
  const places = new Map(rows.map((row) => [row.stream, row]));
  return unplaced.map(
    ({ stream, event, traceparent }, index) =>
      ({ ...event, traceparent, ...places.get(stream), id: ids[index], stream }) as Event & StoredEvent,
  );
}

/** The version of the newest event of each of `streams`; 0 for an empty stream. */
export async function readStreamVersions(
  client: Pick<ClientBase, 'query'>,
  streams: readonly UserId[],
): Promise<number[]> {
  const { rows } = await client.query<{ version: number }>(HEADS, [streams]);
  return rows.map(({ version }) => version);
}

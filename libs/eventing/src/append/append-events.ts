import {
  type EventId,
  type EventTime,
  type NewEvent,
  type StoredEvent,
  sourceOf,
  sqlEventTime,
  type UserId,
} from '@activity-feed/contracts';
import type { ClientBase, QueryConfig } from 'pg';
import { v7 } from 'uuid';
import { type EventsTable, eventsTableOf, isStateTable } from './events-table.sql';

/** How the statement counts the earlier events of the same stream in its input, reads the clock and orders its rows. */
interface Counting {
  readonly earlier: string;
  readonly clock: string;
  readonly order: string;
}

/** For one event per stream. */
const SINGLE: Counting = { earlier: '0', clock: 'clock_timestamp()', order: '' };
/** One reading of the clock for all, so that times grow with the versions, and so do positions. */
const SEVERAL: Counting = {
  earlier: '(row_number() OVER (PARTITION BY new.stream ORDER BY new.place) - 1)',
  clock: '(SELECT clock_timestamp())',
  order: 'ORDER BY place',
};

/** The relay, which reads in transaction order, sees the row again. */
const REPLACE = `
ON CONFLICT (stream) DO UPDATE SET
  position = excluded.position, transaction_id = excluded.transaction_id, event_id = excluded.event_id,
  version = excluded.version, type = excluded.type, data = excluded.data, metadata = excluded.metadata, time = excluded.time`;

/**
 * Appends to `table`, or replaces the row of the stream in a table of states. Relies on the unique index (stream, version) and on the
 * streams' locks, which an earlier statement must have taken: otherwise the snapshot may be older than the lock.
 */
const appendTo = (table: EventsTable, { earlier, clock, order }: Counting): string => `
WITH new AS (
  SELECT * FROM unnest($1::uuid[], $2::int[], $3::text[], $4::jsonb[], $5::jsonb[])
    WITH ORDINALITY AS e(event_id, stream, type, data, metadata, place)
), placed AS (
  SELECT new.*, coalesce(head.version, 0) + 1 + ${earlier} AS version,
         greatest(${clock}, head.time + interval '1 microsecond') + ${earlier} * interval '1 microsecond' AS time
  FROM new LEFT JOIN LATERAL (
    SELECT version, time FROM ${table} AS stored
    WHERE stored.stream = new.stream ORDER BY version DESC LIMIT 1
  ) AS head ON true
)
INSERT INTO ${table} (event_id, stream, version, type, data, metadata, time)
SELECT event_id, stream, version, type, data, metadata, time FROM placed ${order}
${isStateTable(table) ? REPLACE : ''}
RETURNING event_id AS id, version::float8 AS version, ${sqlEventTime('time')} AS time`;

const headsIn = (table: EventsTable): string => `
SELECT coalesce((SELECT max(version) FROM ${table} AS stored WHERE stored.stream = wanted.stream), 0)::float8 AS version
FROM unnest($1::int[]) WITH ORDINALITY AS wanted(stream, place) ORDER BY place`;

export interface UnplacedEvent<Event extends NewEvent = NewEvent> {
  stream: UserId;
  event: Event;
  traceparent?: string | undefined;
}

/**
 * A statement that blocks other transactions' appends to `streams` until the end of this one. Must run before any read, as its
 * own statement. Every transaction takes locks in the same order, so there are no deadlocks.
 */
export function lockStreams(streams: readonly UserId[]): QueryConfig {
  return {
    name: 'lock-streams',
    text: 'SELECT pg_advisory_xact_lock(stream) FROM unnest($1::bigint[]) AS stream',
    values: [[...streams].sort((a, b) => a - b)],
  };
}

interface Place {
  id: EventId;
  version: number;
  time: EventTime;
}

/**
 * Appends each event with the next version of its stream, each to the table of its source. Its time is later than that
 * of all earlier events of the stream, even if the clock has gone back.
 */
export async function appendEvents<Event extends NewEvent>(
  tx: ClientBase,
  unplaced: readonly UnplacedEvent<Event>[],
): Promise<(Event & StoredEvent)[]> {
  const identified = unplaced.map((one) => ({ ...one, id: v7() as EventId }));
  const tables = Map.groupBy(identified, ({ event }) => eventsTableOf(sourceOf(event.type)));
  const rows = await Promise.all([...tables].map(([table, events]) => appendAll(tx, table, events)));
  const places = new Map(rows.flat().map((row) => [row.id, row]));
  return identified.map(
    ({ stream, event, traceparent, id }) =>
      ({ ...event, traceparent, ...places.get(id), stream }) as Event & StoredEvent,
  );
}

async function appendAll(
  tx: ClientBase,
  table: EventsTable,
  events: readonly (UnplacedEvent & { id: EventId })[],
): Promise<Place[]> {
  const streams = events.map(({ stream }) => stream);
  const counting = new Set(streams).size === streams.length ? SINGLE : SEVERAL;
  const name = counting === SINGLE ? `append-${table}` : `append-several-${table}`;
  const { rows } = await tx.query<Place>({ name, text: appendTo(table, counting) }, [
    events.map(({ id }) => id),
    streams,
    events.map(({ event }) => event.type),
    events.map(({ event }) => JSON.stringify(event.data)),
    events.map(({ traceparent }) => JSON.stringify({ traceparent })),
  ]);
  return rows;
}

/** The version of the newest event of each of `streams` in `table`; 0 for an empty stream. */
export async function readStreamVersions(
  client: Pick<ClientBase, 'query'>,
  table: EventsTable,
  streams: readonly UserId[],
): Promise<number[]> {
  const { rows } = await client.query<{ version: number }>({ name: `versions-${table}`, text: headsIn(table) }, [
    streams,
  ]);
  return rows.map(({ version }) => version);
}

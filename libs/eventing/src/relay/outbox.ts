import {
  type EventData,
  type EventId,
  type EventMessage,
  type EventTime,
  type EventType,
  encodeEvent,
  type StoredEvent,
  sqlEventTime,
  type UserId,
} from '@activity-feed/contracts';
import type { ClientBase } from 'pg';
import type { EventsTable } from '../append/events-table.sql';
import type { Place } from './committed-events';
import type { RelayCursor } from './stored-cursor';

export interface OutboxBatch {
  messages: EventMessage[];
  /** Of the messages, in the same order. */
  places: Place[];
  /** The last event of the batch. */
  cursor: RelayCursor;
  /** Whether more events were ready than fit into one batch. */
  hasMore: boolean;
}

/**
 * Reads only transactions older than every open one, so that no later commit can have a lower position. See
 * pg_snapshot_xmin in PostgreSQL's manual, "Transaction ID and Snapshot Information Functions". Relies on the index
 * events_in_transaction_order of the table. The text columns have aliases, as ORDER BY would otherwise sort by the text and put 10
 * before 9.
 */
const readFrom = (table: EventsTable, limit: number): string => `
SELECT transaction_id::text AS transaction_text, position::text AS position_text,
       event_id, stream, version::float8 AS version, type, data, metadata, ${sqlEventTime('time')} AS time
FROM ${table}
WHERE (transaction_id, position) > ($1::xid8, $2::bigint)
  AND transaction_id < pg_snapshot_xmin(pg_current_snapshot())
ORDER BY transaction_id, position
LIMIT ${limit}`;

interface Row {
  transaction_text: string;
  position_text: string;
  event_id: EventId;
  stream: UserId;
  version: number;
  type: EventType;
  data: EventData<EventType>;
  metadata: { traceparent?: string };
  time: EventTime;
}

/** Half the broker's default limit for one batch of a partition: all messages of a batch may have the same key. */
const MAX_BYTES = 512 * 1024;
/** Upper bound for the headers and framing of a message. */
const OVERHEAD_BYTES = 512;

/**
 * The events of `table` after `cursor` in transaction order: at most `limit`, and as many as fit into one send. Undefined if there
 * are none yet.
 */
export async function readOutbox(
  client: ClientBase,
  table: EventsTable,
  cursor: RelayCursor,
  limit: number,
): Promise<OutboxBatch | undefined> {
  const statement = { name: `read-outbox-${limit}`, text: readFrom(table, limit) };
  const { rows } = await client.query<Row>(statement, [cursor.transactionId, cursor.position]);
  const messages: EventMessage[] = [];
  for (let bytes = 0; messages.length < rows.length; ) {
    const message = toMessage(rows[messages.length] as Row);
    bytes += Buffer.byteLength(message.value) + OVERHEAD_BYTES;
    if (bytes > MAX_BYTES && messages.length > 0) break;
    messages.push(message);
  }
  const last = rows[messages.length - 1];
  if (!last) return undefined;
  const hasMore = rows.length === limit || messages.length < rows.length;
  const places = rows.slice(0, messages.length);
  return { messages, places, hasMore, cursor: { transactionId: last.transaction_text, position: last.position_text } };
}

const toMessage = ({ event_id: id, metadata, stream, version, type, data, time }: Row): EventMessage =>
  encodeEvent({ id, stream, version, type, data, time, ...metadata } as StoredEvent);

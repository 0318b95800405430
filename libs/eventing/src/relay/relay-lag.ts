import type { ClientBase } from 'pg';
import type { EventsTable } from '../append/events-table.sql';
import type { RelayCursor } from './stored-cursor';

/** What a topic lacks. */
export interface RelayLag {
  /** Committed events that are not sent yet; at most {@link COUNTED}. */
  readonly events: number;
  /** The age of the oldest of them; 0 if there are none. */
  readonly seconds: number;
}

/** More would take longer, and say nothing more. */
const COUNTED = 10_000;

/** Relies on the index events_in_transaction_order of the table, as the relay does. */
const lagOf = (table: EventsTable): string => `
SELECT count(*)::float8 AS events, greatest(coalesce(extract(epoch FROM clock_timestamp() - min(time)), 0), 0)::float8 AS seconds
FROM (
  SELECT time FROM ${table} WHERE (transaction_id, position) > ($1::xid8, $2::bigint)
  ORDER BY transaction_id, position LIMIT ${COUNTED}
) AS unsent`;

export async function readLag(
  client: Pick<ClientBase, 'query'>,
  table: EventsTable,
  { transactionId, position }: RelayCursor,
): Promise<RelayLag> {
  const { rows } = await client.query<RelayLag>(lagOf(table), [transactionId, position]);
  return rows[0] as RelayLag;
}

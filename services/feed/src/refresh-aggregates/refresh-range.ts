import type { ClientBase } from 'pg';
import type { TimeRange } from '../aggregates/time-range';

/** Refreshes whole buckets of a continuous aggregate. Cannot run in a transaction. */
export async function refresh(client: ClientBase, name: string, { from, to }: TimeRange): Promise<void> {
  const call = 'CALL refresh_continuous_aggregate($1::regclass, $2::timestamptz, $3::timestamptz)';
  await client.query(call, [name, new Date(from), new Date(to)]);
}

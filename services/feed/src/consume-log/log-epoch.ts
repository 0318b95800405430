import type { ClientBase, Pool } from 'pg';

const EPOCH = { name: 'read-log-epoch', text: 'SELECT epoch::float8 AS epoch FROM log_epoch' };

/** When the feed began to read the log, in seconds since 1970; see FeedPosition. */
export async function readEpoch(client: ClientBase | Pool): Promise<number> {
  const { rows } = await client.query<{ epoch: number }>(EPOCH);
  return (rows[0] as { epoch: number }).epoch;
}

import type { ClientBase } from 'pg';

const STATE = `
SELECT compression_enabled AS enabled, job.after::text, job.after = $1::interval AS as_wanted
FROM timescaledb_information.hypertables LEFT JOIN LATERAL (
  SELECT (config ->> 'compress_after')::interval AS after FROM timescaledb_information.jobs
  WHERE proc_name = 'policy_compression' AND jobs.hypertable_name = hypertables.hypertable_name
    AND jobs.hypertable_schema = hypertables.hypertable_schema) AS job ON true
WHERE hypertable_name = 'activities' AND hypertable_schema = current_schema`;

/** In page order. Segments by actor would make a page of many followees a hundred times slower. */
const ENABLE = `
ALTER TABLE activities SET (timescaledb.compress, timescaledb.compress_segmentby = '',
                            timescaledb.compress_orderby = 'time DESC, event_id DESC')`;

/** Sets the compression policy to `after` (an SQL interval); removes the policy if `after` is undefined. */
export async function setCompressionPolicy(client: ClientBase, after: string | undefined): Promise<void> {
  const { rows } = await client.query<{ enabled: boolean; after: string | null; as_wanted: boolean | null }>(STATE, [
    after,
  ]);
  const [state] = rows;
  if (after ? state?.as_wanted : !state?.after) return;
  if (!state?.enabled) await client.query(ENABLE);
  await client.query("SELECT remove_compression_policy('activities', if_exists => true)");
  if (after) await client.query("SELECT add_compression_policy('activities', $1::interval)", [after]);
}

import type { ClientBase } from 'pg';
import type { Aggregate } from '../aggregates/aggregate';
import { readProgress, storeProgress } from '../aggregates/progress';
import { refreshableFrom } from '../retain-activities/dropped-chunks';
import { nextName } from './next-name';

/** The table of materialised rows of continuous aggregate $1, and the columns it shares with $2. */
const TABLE = `
SELECT format('%I.%I', materialization_hypertable_schema, materialization_hypertable_name) AS name,
       (SELECT string_agg(quote_ident(attname), ', ') FROM pg_attribute AS next
        WHERE attrelid = to_regclass($1) AND attnum > 0 AND EXISTS (
          SELECT FROM pg_attribute WHERE attrelid = to_regclass($2) AND attname = next.attname AND attnum > 0)) AS columns
FROM timescaledb_information.continuous_aggregates WHERE view_name = $1 AND view_schema = current_schema`;

/**
 * Copies the rows of dropped activities from the aggregate in use to its empty replacement: they cannot be computed
 * again. New columns are null in them.
 */
export async function carryOver(client: ClientBase, aggregate: Aggregate): Promise<void> {
  const { name, bucket } = aggregate;
  const until = await refreshableFrom(client);
  const progress = await readProgress(client, name);
  if (!progress || progress.from >= until) return;
  const next = nextName(aggregate);
  const { rows } = await client.query<{ name: string; columns: string }>(TABLE, [next, name]);
  const { name: table, columns } = rows[0] as { name: string; columns: string };
  await client.query(`INSERT INTO ${table} (${columns}) SELECT ${columns} FROM ${name} WHERE ${bucket} < $1`, [
    new Date(until),
  ]);
  await storeProgress(client, next, { from: progress.from, until });
}

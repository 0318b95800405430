import type { ClientBase } from 'pg';
import type { Aggregate } from '../aggregates/aggregate';
import { readProgress, storeProgress } from '../aggregates/progress';
import { refreshableFrom } from '../retain-activities/dropped-chunks';
import { nextName } from './next-name';

/** The table behind a continuous aggregate, and the columns that another one has too. */
const TABLE = `
SELECT format('%I.%I', materialization_hypertable_schema, materialization_hypertable_name) AS name,
       (SELECT string_agg(quote_ident(attname), ', ') FROM pg_attribute AS next
        WHERE attrelid = to_regclass($1) AND attnum > 0 AND EXISTS (
          SELECT FROM pg_attribute WHERE attrelid = to_regclass($2) AND attname = next.attname AND attnum > 0)) AS columns
FROM timescaledb_information.continuous_aggregates WHERE view_name = $1 AND view_schema = current_schema`;

/**
 * Copies what retention has left of dropped activities in the aggregate that is in use to the empty one beside it,
 * which can be made of nothing else. Columns that are new have no value there.
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

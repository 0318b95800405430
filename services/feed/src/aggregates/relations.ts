import type { ClientBase } from 'pg';
import { type Aggregate, definitionOf } from './aggregate';

export interface AggregateRelation {
  kind: 'view' | 'continuous';
  definition: string | null;
}

const RELATION = `
SELECT obj_description(class.oid, 'pg_class') AS definition,
       CASE WHEN continuous.view_name IS NULL THEN 'view' ELSE 'continuous' END AS kind
FROM pg_class AS class
LEFT JOIN timescaledb_information.continuous_aggregates AS continuous
       ON view_name = relname AND view_schema = current_schema
WHERE class.oid = to_regclass($1)`;

export async function readRelation(client: ClientBase, name: string): Promise<AggregateRelation | undefined> {
  const { rows } = await client.query<AggregateRelation>(RELATION, [name]);
  return rows[0];
}

export async function createView(client: ClientBase, aggregate: Aggregate): Promise<void> {
  const { name, select } = aggregate;
  // One message is one transaction: a failure rolls all of it back.
  await client.query(`
    DROP VIEW IF EXISTS ${name};
    CREATE VIEW ${name} AS ${select};
    COMMENT ON VIEW ${name} IS '${definitionOf(aggregate)}'`);
}

/**
 * Creates an empty continuous aggregate under another name. Rows that are not materialised are computed when read.
 * Once everything else is set up, the caller calls {@link markComplete}.
 */
export async function createContinuous(client: ClientBase, aggregate: Aggregate, name: string): Promise<void> {
  await client.query(`
    CREATE MATERIALIZED VIEW ${name}
    WITH (timescaledb.continuous, timescaledb.materialized_only = false, timescaledb.create_group_indexes = false)
    AS ${aggregate.select} WITH NO DATA`);
  for (const index of aggregate.indexes) await client.query(`CREATE INDEX ON ${name} ${index}`);
}

/** Marks a continuous aggregate as fully set up. One without this mark is dropped and created again. */
export async function markComplete(client: ClientBase, aggregate: Aggregate, name: string): Promise<void> {
  await client.query(`COMMENT ON VIEW ${name} IS '${definitionOf(aggregate)}'`);
}

export const filledName = (name: string): string => `${name}_filled`;

const TABLE = `
SELECT format('%I.%I', materialization_hypertable_schema, materialization_hypertable_name) AS name
FROM timescaledb_information.continuous_aggregates WHERE view_name = $1 AND view_schema = current_schema`;

/**
 * Creates a view of the materialised rows of a continuous aggregate. The aggregate itself is a UNION with the rows that
 * are not materialised: its indexes give no order, and it takes twice as long to plan.
 */
export async function createFilledView(client: ClientBase, name: string): Promise<void> {
  const { rows } = await client.query<{ name: string }>(TABLE, [name]);
  await client.query(`CREATE VIEW ${filledName(name)} AS SELECT * FROM ${rows[0]?.name}`);
}

export async function dropFilledView(client: ClientBase, name: string): Promise<void> {
  await client.query(`DROP VIEW IF EXISTS ${filledName(name)}`);
}

export async function dropRelation(client: Pick<ClientBase, 'query'>, name: string): Promise<void> {
  const relation = await readRelation(client as ClientBase, name);
  if (relation) await client.query(`DROP ${relation.kind === 'view' ? 'VIEW' : 'MATERIALIZED VIEW'} ${name}`);
}

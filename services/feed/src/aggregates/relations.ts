import type { ClientBase } from 'pg';
import { type Aggregate, definitionOf } from './aggregate';

export interface AggregateRelation {
  kind: 'view' | 'continuous';
  /** Of what it was made, see {@link definitionOf}. */
  definition: string | null;
}

const RELATION = `
SELECT obj_description(class.oid, 'pg_class') AS definition,
       CASE WHEN continuous.view_name IS NULL THEN 'view' ELSE 'continuous' END AS kind
FROM pg_class AS class
LEFT JOIN timescaledb_information.continuous_aggregates AS continuous
       ON view_name = relname AND view_schema = current_schema
WHERE class.oid = to_regclass($1)`;

/** What stands under `name`; undefined when nothing does. */
export async function readRelation(client: ClientBase, name: string): Promise<AggregateRelation | undefined> {
  const { rows } = await client.query<AggregateRelation>(RELATION, [name]);
  return rows[0];
}

/** Makes a plain view of an aggregate, in the place of one that is there. */
export async function createView(client: ClientBase, aggregate: Aggregate): Promise<void> {
  const { name, select } = aggregate;
  // As one message they are one transaction, which a failure takes back.
  await client.query(`
    DROP VIEW IF EXISTS ${name};
    CREATE VIEW ${name} AS ${select};
    COMMENT ON VIEW ${name} IS '${definitionOf(aggregate)}'`);
}

/**
 * Makes an empty continuous aggregate under another name. Its rows that are not materialised are made when read.
 * Whoever has done what else belongs to it calls {@link markWhole}.
 */
export async function createContinuous(client: ClientBase, aggregate: Aggregate, name: string): Promise<void> {
  await client.query(`
    CREATE MATERIALIZED VIEW ${name}
    WITH (timescaledb.continuous, timescaledb.materialized_only = false, timescaledb.create_group_indexes = false)
    AS ${aggregate.select} WITH NO DATA`);
  for (const columns of aggregate.indexes) await client.query(`CREATE INDEX ON ${name} ${columns}`);
}

/** Says that a continuous aggregate is not left half made. */
export async function markWhole(client: ClientBase, aggregate: Aggregate, name: string): Promise<void> {
  await client.query(`COMMENT ON VIEW ${name} IS '${definitionOf(aggregate)}'`);
}

/** What a view of the materialised rows of a continuous aggregate alone is called. */
export const filledName = (name: string): string => `${name}_filled`;

const TABLE = `
SELECT format('%I.%I', materialization_hypertable_schema, materialization_hypertable_name) AS name
FROM timescaledb_information.continuous_aggregates WHERE view_name = $1 AND view_schema = current_schema`;

/**
 * Makes a view of what is materialised of a continuous aggregate. The aggregate itself is a union of that and of what is
 * not, through which no order of an index comes and which takes twice as long to plan.
 */
export async function createFilledView(client: ClientBase, name: string): Promise<void> {
  const { rows } = await client.query<{ name: string }>(TABLE, [name]);
  await client.query(`CREATE VIEW ${filledName(name)} AS SELECT * FROM ${rows[0]?.name}`);
}

export async function dropFilledView(client: ClientBase, name: string): Promise<void> {
  await client.query(`DROP VIEW IF EXISTS ${filledName(name)}`);
}

/** Drops what stands under `name`, of either kind. */
export async function dropRelation(client: Pick<ClientBase, 'query'>, name: string): Promise<void> {
  const relation = await readRelation(client as ClientBase, name);
  if (relation) await client.query(`DROP ${relation.kind === 'view' ? 'VIEW' : 'MATERIALIZED VIEW'} ${name}`);
}

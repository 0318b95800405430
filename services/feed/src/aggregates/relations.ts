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
  await client.query(`
    BEGIN;
    DROP VIEW IF EXISTS ${name};
    CREATE VIEW ${name} AS ${select};
    COMMENT ON VIEW ${name} IS '${definitionOf(aggregate)}';
    COMMIT;`);
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

/** Drops what stands under `name`, of either kind. */
export async function dropRelation(client: Pick<ClientBase, 'query'>, name: string): Promise<void> {
  const relation = await readRelation(client as ClientBase, name);
  if (relation) await client.query(`DROP ${relation.kind === 'view' ? 'VIEW' : 'MATERIALIZED VIEW'} ${name}`);
}

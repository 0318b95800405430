import { inTransactionOf } from '@activity-feed/eventing';
import type { ClientBase } from 'pg';
import { type Aggregate, definitionOf } from '../aggregates/aggregate';
import { forgetProgress, readProgress } from '../aggregates/progress';
import {
  createContinuous,
  createFilledView,
  dropFilledView,
  dropRelation,
  markComplete,
  readRelation,
} from '../aggregates/relations';
import { carryOver } from './carry-over';
import { nextName } from './next-name';

/**
 * The name of the continuous aggregate with the current definition: the aggregate's own name, or the name of a replacement,
 * which is created if necessary and has yet to be filled.
 */
export async function buildingName(client: ClientBase, aggregate: Aggregate): Promise<string> {
  const wanted = definitionOf(aggregate);
  const current = await readRelation(client, aggregate.name);
  const isWanted = current?.kind === 'continuous' && current.definition === wanted;
  // Without progress, the feed's tables were emptied: materialised rows may be of events that will not be projected again.
  if (isWanted && (await readProgress(client, aggregate.name))) return aggregate.name;
  const name = nextName(aggregate);
  const next = await readRelation(client, name);
  if (next?.definition === wanted) return name;
  // Has another definition, or its setup was interrupted.
  await dropRelation(client, name);
  await forgetProgress(client, name);
  await createContinuous(client, aggregate, name);
  if (current?.kind === 'continuous') await carryOver(client, aggregate);
  await markComplete(client, aggregate, name);
  return name;
}

/** Atomically replaces the relation in use by the filled replacement. */
export async function switchTo(client: ClientBase, aggregate: Aggregate): Promise<void> {
  const { name } = aggregate;
  const next = nextName(aggregate);
  await inTransactionOf(client, async () => {
    await dropFilledView(client, name);
    await dropRelation(client, name);
    await client.query(`ALTER MATERIALIZED VIEW ${next} RENAME TO ${name}`);
    await createFilledView(client, name);
    await forgetProgress(client, name);
    await client.query('UPDATE aggregate_progress SET aggregate = $1 WHERE aggregate = $2', [name, next]);
  });
}

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
 * The name of the continuous aggregate of today's definition: its own, or that of one beside it, which is then there
 * and has still to be filled.
 */
export async function buildingName(client: ClientBase, aggregate: Aggregate): Promise<string> {
  const wanted = definitionOf(aggregate);
  const current = await readRelation(client, aggregate.name);
  const isWanted = current?.kind === 'continuous' && current.definition === wanted;
  // Without progress the feed's tables were emptied: what is materialised may be of events that will not come again.
  if (isWanted && (await readProgress(client, aggregate.name))) return aggregate.name;
  const name = nextName(aggregate);
  const next = await readRelation(client, name);
  if (next?.definition === wanted) return name;
  // Of another definition, or left half made.
  await dropRelation(client, name);
  await forgetProgress(client, name);
  await createContinuous(client, aggregate, name);
  if (current?.kind === 'continuous') await carryOver(client, aggregate);
  await markComplete(client, aggregate, name);
  return name;
}

/** Puts the filled one in the place of what was read until now, at once for all readers. */
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

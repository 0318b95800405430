import { SOURCES, type Source } from '@activity-feed/contracts';
import type { Client } from 'pg';
import { OperatorError } from '../../infra/console.ts';
import type { WorldPlan } from './plan.ts';
import type { Stores } from './stores.ts';

const DEMO_USERS = ['ivan', 'nico', 'eric'];

/** Where a world is to be written, and how much of it is there already. */
export interface WorldPlace {
  plan: WorldPlan;
  /** The mark in the metadata of the world's events. */
  mark: string;
  written: Record<Source, number>;
}

/**
 * Finds out whether the databases may take the world that is asked for: they must be empty, but for the demo users, or
 * hold a part of the same world, which is then gone on with.
 */
export async function findPlace(
  { write }: Stores,
  wanted: Omit<WorldPlan, 'firstIds'>,
  intoExisting: boolean,
): Promise<WorldPlace> {
  const begun = await begunWorld(write['social-graph']);
  const mark = markOf(wanted);
  if (begun && begun.mark === mark) {
    const written = {
      'social-graph': await countOf(write['social-graph'], mark),
      activity: await countOf(write.activity, mark),
    };
    return { plan: { ...wanted, until: begun.plan.until, firstIds: begun.plan.firstIds }, mark, written };
  }
  if (!intoExisting && (begun || (await holdsOther(write)))) {
    throw new OperatorError(
      'The system holds other data. Wipe it with `npm run reset`, or add the world to it with --into-existing.',
    );
  }
  const firstIds = {
    user: await nextId(write['social-graph'], 'user_ids'),
    post: await nextId(write.activity, 'post_ids'),
    photo: await nextId(write.activity, 'photo_ids'),
  };
  return { plan: { ...wanted, firstIds }, mark, written: { 'social-graph': 0, activity: 0 } };
}

/** Says what world it is; the end of its last day is in the plan of its first event. */
export const markOf = ({ seed, users, activities, days }: Omit<WorldPlan, 'firstIds'>): string =>
  `${seed}/${users}/${activities}/${days}`;

async function begunWorld(client: Client): Promise<{ mark: string; plan: WorldPlan } | undefined> {
  const { rows } = await client.query(
    `SELECT metadata->>'world' AS mark, metadata->'plan' AS plan FROM events WHERE metadata ? 'plan'
     ORDER BY position DESC LIMIT 1`,
  );
  return rows[0];
}

async function countOf(client: Client, mark: string): Promise<number> {
  const { rows } = await client.query("SELECT count(*)::int AS count FROM events WHERE metadata->>'world' = $1", [
    mark,
  ]);
  return rows[0].count;
}

async function holdsOther(write: Stores['write']): Promise<boolean> {
  const others = await Promise.all(
    SOURCES.map(async (source) => {
      const { rows } = await write[source].query(
        "SELECT EXISTS (SELECT FROM events WHERE NOT (data->'actor'->>'name' = ANY ($1) AND version = 1 AND type LIKE '%registered%')) AS found",
        [DEMO_USERS],
      );
      return rows[0].found as boolean;
    }),
  );
  return others.includes(true);
}

async function nextId(client: Client, sequence: string): Promise<number> {
  const { rows } = await client.query(
    `SELECT (last_value + is_called::int)::float8 AS next FROM ${client.escapeIdentifier(sequence)}`,
  );
  return rows[0].next;
}

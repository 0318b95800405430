import { WRITE_SERVICES, type WriteService } from '@activity-feed/contracts';
import type { Client } from 'pg';
import { OperatorError } from '../../infra/console.ts';
import type { WantedWorld, WorldPlan } from './plan.ts';
import { lockWorld, reserveIds } from './reserve-ids.ts';
import type { Stores } from './stores.ts';
import { UserNames } from './user-names.ts';
import { sizeOf, type WorldSize } from './world-size.ts';

const DEMO_USERS = ['ivan', 'nico', 'eric'];

/** Where a world is written, and how much of it has been written already. */
export interface WorldPlace {
  plan: WorldPlan;
  size: WorldSize;
  /** The mark in the metadata of the world's events. */
  mark: string;
  written: Record<WriteService, number>;
  names: UserNames;
}

/** What the metadata of a world's first event says. */
interface Begun {
  plan: WorldPlan;
  /** The total number of events. Older versions of the command did not record it. */
  events?: number;
}

/**
 * Checks that the world may be written: either the databases are empty except for the demo users, or they hold part of
 * the same world (which is then continued), or `intoExisting` is set. Other clients may write at the same time.
 */
export async function findPlace(stores: Stores, wanted: WantedWorld, intoExisting: boolean): Promise<WorldPlace> {
  const { write } = stores;
  const mark = markOf(wanted);
  const size = sizeOf(wanted);
  await lockWorld(write['social-graph'], mark);
  const begun = await begunWorld(write['social-graph'], mark);
  if (begun) return rest(stores, wanted, begun, { mark, size });
  if (!intoExisting && (await holdsOther(write))) {
    throw new OperatorError(
      'The system already has other data. Delete it with `npm run reset`, or add --into-existing to keep it.',
    );
  }
  const firstIds = {
    post: await reserveIds(write.activity, 'post_ids', size.objects.post),
    photo: await reserveIds(write.activity, 'photo_ids', size.objects.photo),
    comment: await reserveIds(write.activity, 'comment_ids', size.objects.comment),
    user: await reserveIds(write['social-graph'], 'user_ids', wanted.users),
  };
  const plan = { ...wanted, firstIds };
  const names = await UserNames.read(write['social-graph'], plan);
  return { plan, size, mark, written: { 'social-graph': 0, activity: 0 }, names };
}

/** Identifies a world. The end of its last day and its ids are in the plan in its first event. */
export const markOf = ({ seed, users, activities, days }: WantedWorld): string =>
  `${seed}/${users}/${activities}/${days}`;

async function rest(
  { write }: Stores,
  wanted: WantedWorld,
  begun: Begun,
  { mark, size }: Pick<WorldPlace, 'mark' | 'size'>,
): Promise<WorldPlace> {
  const plan = { ...wanted, until: begun.plan.until, firstIds: begun.plan.firstIds };
  const written = {
    'social-graph': await countOf(write['social-graph'], plan, mark),
    activity: await countOf(write.activity, plan, mark),
  };
  const isWhole = written['social-graph'] + written.activity === size.events;
  if (!isWhole && begun.events !== size.events) {
    throw new OperatorError(
      'Another version of this command began this world, and it cannot be continued. Choose another --seed.',
    );
  }
  return { plan, size, mark, written, names: await UserNames.read(write['social-graph'], plan) };
}

async function begunWorld(client: Client, mark: string): Promise<Begun | undefined> {
  const { rows } = await client.query<Begun>(
    `SELECT metadata->'plan' AS plan, (metadata->'events')::int AS events FROM events
     WHERE metadata ? 'plan' AND metadata->>'world' = $1 ORDER BY position DESC LIMIT 1`,
    [mark],
  );
  return rows[0];
}

/** Relies on the unique index (stream, version). */
async function countOf(client: Client, { firstIds, users }: WorldPlan, mark: string): Promise<number> {
  const { rows } = await client.query(
    `SELECT count(*)::int AS count FROM events
     WHERE stream >= $1 AND stream < $2 AND metadata->>'world' = $3`,
    [firstIds.user, firstIds.user + users, mark],
  );
  return rows[0].count;
}

async function holdsOther(write: Stores['write']): Promise<boolean> {
  const others = await Promise.all(
    WRITE_SERVICES.map(async (source) => {
      const { rows } = await write[source].query(
        "SELECT EXISTS (SELECT FROM events WHERE NOT (data->'actor'->>'name' = ANY ($1) AND version = 1 AND type LIKE '%registered%')) AS found",
        [DEMO_USERS],
      );
      return rows[0].found as boolean;
    }),
  );
  return others.includes(true);
}

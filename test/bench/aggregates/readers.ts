import type { Client } from 'pg';
import { get, post } from '../../load/traffic/api.ts';
import { Gateway } from '../../load/traffic/gateway.ts';
import { ask } from '../../load/world/ask.ts';
import type { User } from '../../load/world/world.ts';
import type { BenchContext, BenchWorld } from '../context.ts';
import { newUser } from '../measure/new-user.ts';
import { until } from '../measure/until.ts';

export type Reader = User & { readonly id: number };

export interface Readers {
  /** Users from the most active to the least, for reads of their own activities. */
  readonly own: readonly Reader[];
  /** Readers by their number of followees, for reads about friends. */
  readonly byFollowees: ReadonlyMap<number, readonly Reader[]>;
}

const FOLLOWED = 'SELECT count(*)::int AS count FROM follows WHERE follower_id = $1 AND following';

/** Chooses readers among a world's users and registers readers with the required numbers of followees. */
export async function findReaders({ sizes, signal }: BenchContext, { system, users }: BenchWorld): Promise<Readers> {
  const { followees, readers } = sizes.aggregates;
  const gateway = new Gateway(system.url, 16);
  try {
    const own = await Promise.all(
      evenly(users, readers).map(async (user) => ({ ...user, id: (await ask(gateway, get(user, '/me'))).id })),
    );
    const byFollowees = new Map<number, Reader[]>();
    for (const count of followees) {
      const following: Reader[] = [];
      for (let number = 0; number < readers; number++) {
        following.push(await followerOf(gateway, evenly(users, count, number)));
      }
      for (const reader of following) await until(() => follows(system.stores.feed, reader, count), signal, 50);
      byFollowees.set(count, following);
    }
    return { own, byFollowees };
  } finally {
    await gateway.close();
  }
}

/** `count` users, evenly spaced over the ranking and shifted by `number`. */
function evenly(users: readonly User[], count: number, number = 0): User[] {
  const place = (index: number) => (Math.floor((index * users.length) / count) + number) % users.length;
  return Array.from({ length: count }, (_, index) => users[place(index)] as User);
}

async function followerOf(gateway: Gateway, followees: readonly User[]): Promise<Reader> {
  const reader = await newUser(gateway);
  await Promise.all(followees.map(({ name }) => ask(gateway, post(reader, '/follow', { follow: name }))));
  return reader;
}

async function follows(feed: Client, { id }: Reader, count: number): Promise<boolean> {
  return (await feed.query(FOLLOWED, [id])).rows[0].count >= count;
}

import { percentileOf } from '../../load/measure/percentiles.ts';
import { get, post, remove } from '../../load/traffic/api.ts';
import { Gateway } from '../../load/traffic/gateway.ts';
import { ask } from '../../load/world/ask.ts';
import type { User } from '../../load/world/world.ts';
import type { Benchmark, Figure } from '../benchmark.ts';
import { type BenchContext, type BenchWorld, sample } from '../context.ts';
import { likeByMany } from '../deletion/like-by-many.ts';
import { goneFrom, MOVED, POSTS, READS, type Read } from '../deletion/section.ts';
import { newUser } from '../measure/new-user.ts';
import { timesAtRate } from '../measure/times-at-rate.ts';
import { until } from '../measure/until.ts';

const P99 = 99;

/** How soon a deleted object with many likes is out of every read, while other users post. */
export const deletion: Benchmark = {
  name: 'deletion',
  reference: () => 'the same posts before the object is deleted',
  run: (context) => context.withWorld(context.sizes.deletion.world, (world) => measure(context, world)),
};

interface Round {
  /** Milliseconds from the answer to the deletion. */
  readonly gone: Record<Read, number>;
  readonly moved: number;
  readonly before: Float64Array;
  readonly beside: Float64Array;
}

async function measure(context: BenchContext, world: BenchWorld): Promise<Figure[]> {
  const gateway = new Gateway(world.system.url, 16);
  try {
    const measured: Round[] = [];
    for (let round = 0; round < context.sizes.rounds; round++) measured.push(await oneRound(context, world, gateway));
    return [
      ...READS.map((read) => ({ name: goneFrom(read), unit: 'ms', ours: measured.map(({ gone }) => gone[read]) })),
      { name: MOVED, unit: 's', ours: measured.map(({ moved }) => moved / 1_000) },
      {
        name: POSTS,
        unit: 'ms',
        ours: measured.map(({ beside }) => percentileOf(beside, P99)),
        reference: measured.map(({ before }) => percentileOf(before, P99)),
      },
    ];
  } finally {
    await gateway.cut();
  }
}

async function oneRound(context: BenchContext, world: BenchWorld, gateway: Gateway): Promise<Round> {
  const { sizes, signal } = context;
  const { system, users } = world;
  const { likes, rate, seconds } = sizes.deletion;
  const photo = await likedPhoto(context, world, gateway, likes);
  const others = sample(users, sizes.readers);
  const posts = () =>
    timesAtRate(
      system.url,
      rate,
      seconds,
      (number) => post(others[number % others.length] as User, '/post', { type: 'post', content: 'meanwhile' }),
      signal,
    );
  const before = await posts();
  const posting = posts();
  // Awaited below.
  posting.catch(() => undefined);
  await ask(gateway, remove(photo.owner, `/objects/photo:${photo.id}`));
  const answeredAt = performance.now();
  const since = async (condition: () => Promise<boolean>) => (await until(condition, signal)) - answeredAt;
  const [moved, ...gone] = await Promise.all([
    since(() => isMoved(system.stores.feed, photo.id)),
    ...READS.map((read) => since(async () => !(await photo.isIn(read)))),
  ]);
  const times = Object.fromEntries(READS.map((read, index) => [read, gone[index]])) as Record<Read, number>;
  return { gone: times, moved, before, beside: await posting };
}

/** A photo with `likes` likes that every read shows, of an owner with a follower. */
async function likedPhoto({ signal }: BenchContext, { system }: BenchWorld, gateway: Gateway, likes: number) {
  const [owner, follower] = [await newUser(gateway), await newUser(gateway)];
  await ask(gateway, post(follower, '/follow', { follow: owner.name }));
  const { object_id: id } = await ask(gateway, post(owner, '/post', { type: 'photo', content: 'Sunrise' }));
  await likeByMany(system.stores.write.activity, id, owner, likes);
  const isPhoto = (one: { object_type: string; object_id: number }) =>
    one.object_type === 'photo' && one.object_id === id;
  const reads: Record<Read, () => Promise<boolean>> = {
    'a page': async () => (await ask(gateway, get(follower, '/feed/friends'))).friends_feed.some(isPhoto),
    'its group': async () => (await ask(gateway, get(follower, '/feed/friends?group=day'))).friends_feed.length > 0,
    'the counts': async () => (await ask(gateway, get(owner, `/objects/photo:${id}`))).likes > 0,
    'the trends': async () => (await ask(gateway, get(follower, '/trending?window=7d'))).trending.some(isPhoto),
  };
  const hasAll = async () => (await ask(gateway, get(owner, `/objects/photo:${id}`))).likes === likes;
  await until(hasAll, signal, 100);
  for (const read of READS) await until(reads[read], signal, 100);
  return { id, owner, isIn: (read: Read) => reads[read]() };
}

async function isMoved(feed: BenchWorld['system']['stores']['feed'], photo: number): Promise<boolean> {
  const { rows } = await feed.query(
    "SELECT EXISTS (SELECT FROM object_states WHERE object_type = 'photo' AND object_id = $1 AND deleted AND moved) AS moved",
    [photo],
  );
  return rows[0].moved;
}

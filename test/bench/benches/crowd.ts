import { percentileOf, sorted } from '../../load/measure/percentiles.ts';
import { get } from '../../load/traffic/api.ts';
import { Gateway } from '../../load/traffic/gateway.ts';
import type { User } from '../../load/world/world.ts';
import type { Benchmark, Figure } from '../benchmark.ts';
import { type BenchContext, type BenchWorld, sample } from '../context.ts';
import { followCrowd } from '../crowd/follow-crowd.ts';
import { pageOn } from '../crowd/page-on.ts';
import { FOLLOWED, OTHERS, PAGE_OF_CROWD } from '../crowd/section.ts';
import { closedLoop } from '../measure/closed-loop.ts';
import { newUser } from '../measure/new-user.ts';
import { timesAtRate } from '../measure/times-at-rate.ts';

/** Other users' friends pages with and without a concurrent reader who follows very many users and reads all pages. */
export const crowd: Benchmark = {
  name: 'crowd',
  reference: () => 'the same requests while that reader is idle',
  run: (context) => context.withWorld(context.sizes.crowd.world, (world) => measure(context, world)),
};

interface Round {
  readonly alone: Float64Array;
  readonly beside: Float64Array;
  readonly pages: Float64Array;
}

async function measure(context: BenchContext, world: BenchWorld): Promise<Figure[]> {
  const { rounds, crowd } = context.sizes;
  const gateway = new Gateway(world.system.url, 4);
  try {
    const reader = await newUser(gateway);
    await followCrowd(world.system.stores.feed, reader.id, crowd.followees, crowd.world.days);
    const measured: Round[] = [];
    for (let round = 0; round < rounds; round++) measured.push(await oneRound(context, world, gateway, reader));
    const besideAlone = (name: string, percentile: number): Figure => ({
      name,
      unit: 'ms',
      ours: measured.map(({ beside }) => percentileOf(beside, percentile)),
      reference: measured.map(({ alone }) => percentileOf(alone, percentile)),
    });
    return [
      { name: FOLLOWED, unit: 'users', ours: [crowd.followees] },
      { name: PAGE_OF_CROWD, unit: 'ms', ours: measured.map(({ pages }) => percentileOf(pages, 50)) },
      besideAlone(OTHERS.p50, 50),
      besideAlone(OTHERS.p99, 99),
      besideAlone(OTHERS.longest, 100),
    ];
  } finally {
    await gateway.cut();
  }
}

async function oneRound(
  { sizes, signal }: BenchContext,
  { system, users }: BenchWorld,
  gateway: Gateway,
  reader: User,
): Promise<Round> {
  // Restart the feed, so that it loads the crowd (which bypassed the projector) and has to look up the follows.
  await system.services.feed.end();
  await system.services.feed.start();
  const others = sample(users, sizes.readers);
  const request = (number: number) => get(others[number % others.length] as User, '/feed/friends');
  // Warm up.
  await closedLoop({ url: system.url, pids: system.pids, connections: 4, seconds: sizes.seconds / 4, request });
  const { rate, seconds, turns } = sizes.crowd;
  const measure = () => timesAtRate(system.url, rate, seconds, request, signal);
  const alone: number[] = [];
  const beside: number[] = [];
  const pages: number[] = [];
  // Alternate, because other processes on the machine are busy at times.
  for (let turn = 0; turn < turns; turn++) {
    alone.push(...(await measure()));
    const paging = pageOn(gateway, reader);
    beside.push(...(await measure().finally(() => paging.stop())));
    pages.push(...(await paging.times));
  }
  return { alone: sorted(alone), beside: sorted(beside), pages: sorted(pages) };
}

import { get } from '../../load/traffic/api.ts';
import type { User } from '../../load/world/world.ts';
import type { Benchmark, Figure } from '../benchmark.ts';
import { type BenchContext, type BenchWorld, sample } from '../context.ts';
import { closedLoop } from '../measure/closed-loop.ts';
import { growTo } from '../measure/grow-to.ts';

/** The friends page, asked for one after the other, in one world that gets ever more activities. */
export const activities: Benchmark = {
  name: 'activities',
  async run(context) {
    const { world, activities: counts } = context.sizes;
    const size = { ...world, users: Math.ceil(world.users / 10), activities: counts[0] as number };
    return context.withWorld(size, async (world) => {
      const figures: Figure[] = [];
      for (const count of counts) {
        // The feed is started anew, as it would not know what came to its table past it.
        await world.system.services.feed.end();
        await growTo(world.system.stores.feed, count, size.days, context.signal);
        await world.system.services.feed.start();
        const ours = await pageTimes(context, world);
        figures.push({ name: 'friends page p50', unit: 'ms', ours, growth: { by: 'activities', to: count } });
      }
      return figures;
    });
  },
};

async function pageTimes({ sizes }: BenchContext, { system, users }: BenchWorld): Promise<number[]> {
  const readers = sample(users, sizes.readers);
  const request = (number: number) => get(readers[number % readers.length] as User, '/feed/friends');
  const loop = { url: system.url, pids: system.pids, connections: 1, request };
  await closedLoop({ ...loop, seconds: sizes.seconds / 4 });
  const times: number[] = [];
  for (let round = 0; round < sizes.rounds; round++) {
    times.push((await closedLoop({ ...loop, seconds: sizes.seconds / 2 })).p50);
  }
  return times;
}

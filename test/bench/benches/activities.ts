import { get } from '../../load/traffic/api.ts';
import type { User } from '../../load/world/world.ts';
import type { Benchmark, Figure } from '../benchmark.ts';
import { type BenchContext, type BenchWorld, sample } from '../context.ts';
import { closedLoop } from '../measure/closed-loop.ts';
import { growTo } from '../measure/grow-to.ts';
import { memoryOfAnActivity } from '../measure/memory-of-an-activity.ts';
import { memoryOf } from '../measure/process-memory.ts';

/** Sequential reads of the friends page in a world with a growing number of activities. */
export const activities: Benchmark = {
  name: 'activities',
  async run(context) {
    const { world, activities: counts } = context.sizes;
    const size = { ...world, users: Math.ceil(world.users / 10), activities: counts[0] as number };
    return context.withWorld(size, async (world) => {
      const { feed } = world.system.services;
      const figures: Figure[] = [];
      const memory: MemoryAt[] = [];
      for (const count of counts) {
        // Restart the feed: it does not notice rows that bypass the projector.
        await feed.end();
        await growTo(world.system.stores.feed, count, size.days, context.signal);
        const startedAt = performance.now();
        await feed.start();
        const loaded = (performance.now() - startedAt) / 1_000;
        memory.push({ count, bytes: memoryOf(feed.pid) });
        const growth = { by: 'activities', to: count };
        figures.push({ name: 'load time of the index', unit: 's', ours: [loaded], growth });
        figures.push({ name: 'friends page p50', unit: 'ms', ours: await pageTimes(context, world), growth });
      }
      return [...figures, ...growthOf(memory)];
    });
  },
};

interface MemoryAt {
  count: number;
  bytes: number;
}

/** The growth of the process per activity. */
function growthOf(memory: readonly MemoryAt[]): Figure[] {
  const [least, most] = [memory[0], memory.at(-1)] as [MemoryAt, MemoryAt];
  return memoryOfAnActivity(most.bytes - least.bytes, most.count - least.count);
}

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

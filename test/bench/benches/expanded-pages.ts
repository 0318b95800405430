import { get } from '../../load/traffic/api.ts';
import type { User } from '../../load/world/world.ts';
import type { Benchmark, Figure } from '../benchmark.ts';
import { type BenchContext, sample } from '../context.ts';
import { EXPANDED_PAGES } from '../expanded-pages/section.ts';
import { alternately } from '../measure/alternately.ts';
import { closedLoop, type LoopResult } from '../measure/closed-loop.ts';

/** Pages with their objects, and the same pages without, one request at a time. */
export const expandedPages: Benchmark = {
  name: 'expanded-pages',
  reference: () => 'the same page without `expand=objects`',
  async run(context) {
    const figures: Figure[] = [];
    for (const [name, path] of Object.entries(EXPANDED_PAGES)) figures.push(...(await measure(context, name, path)));
    return figures;
  },
};

async function measure(context: BenchContext, name: string, path: string): Promise<Figure[]> {
  const { system, users } = await context.world();
  const { rounds, seconds, readers } = context.sizes;
  const sampled = sample(users, readers);
  const read = (query: string, part = 1): Promise<LoopResult> =>
    closedLoop({
      url: system.url,
      pids: system.pids,
      connections: 1,
      seconds: seconds * part,
      request: (number) => get(sampled[number % sampled.length] as User, path + query),
    });
  const plain = () => read('');
  const expanded = () => read('&expand=objects');
  // Warm up both.
  await read('', 1 / 4);
  await read('&expand=objects', 1 / 4);
  const { reference, ours } = await alternately(rounds, plain, expanded);
  const figure = (title: string, unit: string, of: (result: LoopResult) => number): Figure => ({
    name: `${name}, ${title}`,
    unit,
    ours: ours.map(of),
    reference: reference.map(of),
  });
  return [figure('p50', 'ms', ({ p50 }) => p50), figure('CPU per request', 'µs', ({ cpu }) => cpu)];
}

import type { LoadResult } from '../../load/load-result.ts';
import type { Benchmark } from '../benchmark.ts';
import { loadOn } from '../measure/load-on.ts';

/** Latency at fixed rates with 90 % reads, measured from the time each request was due. */
export const latency: Benchmark = {
  name: 'latency',
  async run(context) {
    const { rounds, rates, seconds } = context.sizes;
    const world = await context.world();
    const results = new Map<number, LoadResult[]>(rates.map((rate) => [rate, []]));
    for (let round = 0; round < rounds; round++) {
      for (const [rate, measured] of results) measured.push(await loadOn(context, world, rate, Math.ceil(seconds)));
    }
    return [...results].flatMap(([rate, measured]) => [
      { name: `p50 at ${rate}/s`, unit: 'ms', ours: measured.map(({ all }) => all.p50) },
      { name: `p99 at ${rate}/s`, unit: 'ms', ours: measured.map(({ all }) => all.p99) },
      { name: `successful requests at ${rate}/s`, unit: '/s', ours: measured.map(({ reached }) => reached) },
    ]);
  },
};

import type { Benchmark, Figure } from '../benchmark.ts';
import { alternately } from '../measure/alternately.ts';
import { firstPages } from '../measure/beside-fastify.ts';
import { closedLoop, type LoopResult } from '../measure/closed-loop.ts';
import { P50 } from '../own-profile/section.ts';

/** Readers' own profiles, one request at a time. */
export const ownProfile: Benchmark = {
  name: 'own-profile',
  reference: () => 'the first page of the friends feed, requested by the same readers',
  async run(context) {
    const { system } = await context.world();
    const { rounds, seconds } = context.sizes;
    const [profiles, pages] = [await firstPages(context, '/me'), await firstPages(context, '/feed/friends')];
    const read = (requests: typeof pages, part = 1): Promise<LoopResult> =>
      closedLoop({
        url: system.url,
        pids: system.pids,
        connections: 1,
        seconds: seconds * part,
        request: (number) => requests[number % requests.length] as (typeof requests)[number],
      });
    // Warm up both.
    await read(pages, 1 / 4);
    await read(profiles, 1 / 4);
    const { reference, ours } = await alternately(
      rounds,
      () => read(pages),
      () => read(profiles),
    );
    const figure = (name: string, unit: string, of: (result: LoopResult) => number): Figure => ({
      name,
      unit,
      ours: ours.map(of),
      reference: reference.map(of),
    });
    return [figure(P50, 'ms', ({ p50 }) => p50), figure('`GET /me`, CPU per request', 'µs', ({ cpu }) => cpu)];
  },
};

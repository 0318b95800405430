import { get } from '../../load/traffic/api.ts';
import type { User } from '../../load/world/world.ts';
import type { Benchmark, Figure } from '../benchmark.ts';
import { COMMENTS_PAGE } from '../comments/section.ts';
import { writeComments } from '../comments/write-comments.ts';
import { sample } from '../context.ts';
import { alternately } from '../measure/alternately.ts';
import { closedLoop, type LoopResult } from '../measure/closed-loop.ts';

const PAGE = 50;

/** The first page of the comments on an object with many, one request at a time. */
export const comments: Benchmark = {
  name: 'comments',
  reference: () => 'the page of an object with 50 comments',
  async run(context) {
    const { system, users } = await context.world();
    const { rounds, seconds, readers } = context.sizes;
    const { activity } = system.stores.write;
    const [many, few] = [await writeComments(activity, context.sizes.comments), await writeComments(activity, PAGE)];
    await activity.query('ANALYZE objects, comments, likes');
    const sampled = sample(users, readers);
    const read = (photo: number, part = 1): Promise<LoopResult> =>
      closedLoop({
        url: system.url,
        pids: system.pids,
        connections: 1,
        seconds: seconds * part,
        request: (number) =>
          get(sampled[number % sampled.length] as User, `/objects/photo:${photo}/comments?limit=${PAGE}`),
      });
    // Warm up both.
    await read(few, 1 / 4);
    await read(many, 1 / 4);
    const { reference, ours } = await alternately(
      rounds,
      () => read(few),
      () => read(many),
    );
    const figure = (title: string, unit: string, of: (result: LoopResult) => number): Figure => ({
      name: `${COMMENTS_PAGE}, ${title}`,
      unit,
      ours: ours.map(of),
      reference: reference.map(of),
    });
    return [figure('p50', 'ms', ({ p50 }) => p50), figure('CPU per request', 'µs', ({ cpu }) => cpu)];
  },
};

import type { Benchmark } from '../benchmark.ts';
import { bareFastify, besideFastify, firstPages } from '../measure/beside-fastify.ts';

/** The first page of a user's own feed. */
export const myPage: Benchmark = {
  name: 'my-page',
  reference: () => bareFastify,
  run: async (context) => besideFastify(context, await firstPages(context, '/feed/my')),
};

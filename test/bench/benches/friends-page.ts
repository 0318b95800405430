import type { Benchmark } from '../benchmark.ts';
import { bareFastify, besideFastify, firstPages } from '../measure/beside-fastify.ts';

/** The first page of 50 of what those did whom a user follows. */
export const friendsPage: Benchmark = {
  name: 'friends-page',
  reference: () => bareFastify,
  run: async (context) => besideFastify(context, await firstPages(context, '/feed/friends')),
};

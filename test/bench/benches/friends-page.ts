import type { Benchmark } from '../benchmark.ts';
import { bareFastify, besideFastify, firstPages } from '../measure/beside-fastify.ts';

/** The first page of a friends feed, with 50 entries. */
export const friendsPage: Benchmark = {
  name: 'friends-page',
  reference: () => bareFastify,
  async run(context) {
    const pages = await firstPages(context, '/feed/friends');
    const { connections, manyConnections } = context.sizes;
    return [
      ...(await besideFastify(context, pages, connections)),
      ...(await besideFastify(context, pages, manyConnections)),
    ];
  },
};

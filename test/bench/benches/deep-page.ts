import { get } from '../../load/traffic/api.ts';
import { Gateway } from '../../load/traffic/gateway.ts';
import { ask } from '../../load/world/ask.ts';
import type { User } from '../../load/world/world.ts';
import type { Benchmark } from '../benchmark.ts';
import { sample } from '../context.ts';
import { bareFastify, besideFastify } from '../measure/beside-fastify.ts';

/** The hundredth page of a friends feed, or the last page of a shorter feed. */
export const deepPage: Benchmark = {
  name: 'deep-page',
  reference: () => bareFastify,
  async run(context) {
    const { system, users } = await context.world();
    const { readers, deepPage: depth } = context.sizes;
    const gateway = new Gateway(system.url, 8);
    const pages = await Promise.all(
      sample(users, readers).map(async (user) => get(user, await pathOfPage(gateway, user, depth))),
    );
    await gateway.close();
    return besideFastify(context, pages);
  },
};

async function pathOfPage(gateway: Gateway, user: User, depth: number): Promise<string> {
  let path = '/feed/friends';
  for (let page = 1; page < depth; page++) {
    const { next_url } = await ask(gateway, get(user, path));
    if (next_url === '') break;
    path = next_url;
  }
  return path;
}

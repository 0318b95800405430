import type { LoadResult } from '../../load/load-result.ts';
import { measureFreshness } from '../../load/measure/freshness.ts';
import type { Summary } from '../../load/measure/percentiles.ts';
import { post } from '../../load/traffic/api.ts';
import { Gateway } from '../../load/traffic/gateway.ts';
import { ask } from '../../load/world/ask.ts';
import type { Probe } from '../../load/world/world.ts';
import type { BenchSystem } from '../bench-system.ts';
import type { Benchmark, Figure } from '../benchmark.ts';
import type { BenchContext } from '../context.ts';
import { giveFollowers } from '../measure/give-followers.ts';
import { loadOn } from '../measure/load-on.ts';
import { newUser } from '../measure/new-user.ts';
import { until } from '../measure/until.ts';

interface FollowedAuthor {
  readonly count: number;
  readonly probe: Probe;
  readonly loads: LoadResult[];
  readonly freshness: Summary[];
}

/** Latency for authors and freshness for their followers. Neither should depend on the number of followers. */
export const followers: Benchmark = {
  name: 'followers',
  async run(context) {
    const { rounds, seconds, followersRate, freshnessSeconds } = context.sizes;
    const { system } = await context.world();
    const gateway = new Gateway(system.url, 8);
    const authors = await followedAuthors(context, system, gateway);
    for (let round = 0; round < rounds; round++) {
      for (const { probe, loads, freshness } of authors) {
        const world = { system, users: [probe.author, probe.follower] };
        loads.push(await loadOn(context, world, followersRate, Math.ceil(seconds)));
        // Separate from the load, in which the author also does other things than post.
        freshness.push(await measureFreshness(gateway, [probe], freshnessSeconds * 1_000, context.signal));
      }
    }
    await gateway.close();
    return authors.flatMap((author) => [
      figureOf(author, `latency p50 at ${followersRate}/s`, ({ loads }) => loads.map(({ all }) => all.p50)),
      figureOf(author, `latency p99 at ${followersRate}/s`, ({ loads }) => loads.map(({ all }) => all.p99)),
      figureOf(author, 'freshness p50', ({ freshness }) => freshness.map(({ p50 }) => p50)),
      figureOf(author, 'freshness p99', ({ freshness }) => freshness.map(({ p99 }) => p99)),
    ]);
  },
};

const figureOf = (author: FollowedAuthor, name: string, values: (author: FollowedAuthor) => number[]): Figure => ({
  name,
  unit: 'ms',
  ours: values(author),
  growth: { by: 'followers', to: author.count },
});

async function followedAuthors(
  context: BenchContext,
  system: BenchSystem,
  gateway: Gateway,
): Promise<FollowedAuthor[]> {
  const authors: FollowedAuthor[] = [];
  for (const count of context.sizes.followers) {
    const author = await newUser(gateway);
    await giveFollowers(system.stores.write['social-graph'], author, count - 1);
    // Only the last follower has a key.
    const follower = await newUser(gateway);
    await ask(gateway, post(follower, '/follow', { follow: author.name }));
    const known = 'SELECT count(*)::int AS count FROM follows WHERE followee_id = $1';
    const areKnown = async () => (await system.stores.feed.query(known, [author.id])).rows[0].count >= count;
    await until(areKnown, context.signal, 100);
    authors.push({ count, probe: { author, follower }, loads: [], freshness: [] });
  }
  return authors;
}

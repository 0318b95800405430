import type { LoadResult } from '../../load/load-result.ts';
import { post } from '../../load/traffic/api.ts';
import { Gateway } from '../../load/traffic/gateway.ts';
import { ask } from '../../load/world/ask.ts';
import type { Probe } from '../../load/world/world.ts';
import type { Benchmark } from '../benchmark.ts';
import type { BenchContext, BenchWorld } from '../context.ts';
import { giveFollowers } from '../measure/give-followers.ts';
import { loadOn } from '../measure/load-on.ts';
import { newUser } from '../measure/new-user.ts';
import { until } from '../measure/until.ts';

/** What authors with few and with many followers wait for, and what their followers do: it should be the same. */
export const followers: Benchmark = {
  name: 'followers',
  async run(context) {
    const { rounds, freshnessSeconds } = context.sizes;
    const world = await context.world();
    const seen = await followedAuthors(context, world);
    for (let round = 0; round < rounds; round++) {
      for (const { probe, measured } of seen) measured.push(await loadOf(context, world, probe, freshnessSeconds));
    }
    return seen.flatMap(({ count, measured }) => {
      const figure = (name: string, ours: number[]) => ({
        name,
        unit: 'ms',
        ours,
        growth: { by: 'followers', to: count },
      });
      return [
        figure(
          'latency p50',
          measured.map(({ all }) => all.p50),
        ),
        figure(
          'latency p99',
          measured.map(({ all }) => all.p99),
        ),
        figure(
          'freshness p50',
          measured.flatMap(({ freshness }) => freshness?.p50 ?? []),
        ),
        figure(
          'freshness p99',
          measured.flatMap(({ freshness }) => freshness?.p99 ?? []),
        ),
      ];
    });
  },
};

/** 90 % reads by an author and a follower, while the author's posts are looked for on the follower's page. */
function loadOf(context: BenchContext, { system }: BenchWorld, probe: Probe, seconds: number): Promise<LoadResult> {
  const world = { system, users: [probe.author, probe.follower] };
  return loadOn(context, world, context.sizes.followersRate, seconds, [probe]);
}

async function followedAuthors(context: BenchContext, { system }: BenchWorld) {
  const gateway = new Gateway(system.url, 8);
  const authors: { count: number; probe: Probe; measured: LoadResult[] }[] = [];
  for (const count of context.sizes.followers) {
    const author = await newUser(gateway);
    await giveFollowers(system.stores.write['social-graph'], author, count - 1);
    // The last one has a key.
    const follower = await newUser(gateway);
    await ask(gateway, post(follower, '/follow', { follow: author.name }));
    const known = 'SELECT count(*)::int AS count FROM follows WHERE followee_id = $1';
    const areKnown = async () => (await system.stores.feed.query(known, [author.id])).rows[0].count >= count;
    await until(areKnown, context.signal, 100);
    authors.push({ count, probe: { author, follower }, measured: [] });
  }
  await gateway.close();
  return authors;
}

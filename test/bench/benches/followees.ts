import { get, post } from '../../load/traffic/api.ts';
import { Gateway } from '../../load/traffic/gateway.ts';
import { ask } from '../../load/world/ask.ts';
import type { User } from '../../load/world/world.ts';
import type { Benchmark } from '../benchmark.ts';
import { closedLoop } from '../measure/closed-loop.ts';
import { newUser } from '../measure/new-user.ts';
import { until } from '../measure/until.ts';

/** Sequential reads of the friends page by readers with few and with many followees. */
export const followees: Benchmark = {
  name: 'followees',
  async run(context) {
    const { rounds, seconds, followees: counts } = context.sizes;
    const { system, users } = await context.world();
    const gateway = new Gateway(system.url, 16);
    const readers = new Map<number, { reader: User; measured: number[] }>();
    for (const count of counts) {
      const reader = await newUser(gateway);
      // Evenly spaced over the popularity ranking.
      const chosen = Array.from({ length: count }, (_, index) => users[Math.floor((index * users.length) / count)]);
      await Promise.all(chosen.map((user) => ask(gateway, post(reader, '/follow', { follow: user?.name }))));
      const known = 'SELECT count(*)::int AS count FROM follows WHERE follower_id = $1';
      await until(
        async () => (await system.stores.feed.query(known, [reader.id])).rows[0].count >= count,
        context.signal,
        50,
      );
      readers.set(count, { reader, measured: [] });
    }
    await gateway.close();
    for (let round = 0; round < rounds; round++) {
      for (const { reader, measured } of readers.values()) {
        const request = () => get(reader, '/feed/friends');
        const loop = { url: system.url, pids: system.pids, connections: 1, request };
        await closedLoop({ ...loop, seconds: seconds / 8 });
        measured.push((await closedLoop({ ...loop, seconds: seconds / 2 })).p50);
      }
    }
    return [...readers].map(([count, { measured }]) => ({
      name: 'friends page p50',
      unit: 'ms',
      ours: measured,
      growth: { by: 'followees', to: count },
    }));
  },
};

import { get, post } from '../../load/traffic/api.ts';
import type { User } from '../../load/world/world.ts';
import type { BenchWorld } from '../context.ts';
import { closedLoop } from '../measure/closed-loop.ts';

/**
 * How many requests a second the system can answer, posts and friends pages alternately: as many as it answers on
 * `connections` connections, each with one request at a time. A busy machine lowers this figure as much as it slows the
 * load; a search for a rate at which nothing is late would depend on the machine's worst moment.
 */
export async function findKnee({ system, users }: BenchWorld, connections: number, seconds: number): Promise<number> {
  const request = (number: number) => {
    const user = users[number % users.length] as User;
    return number % 2 ? post(user, '/post', { type: 'post', content: 'a' }) : get(user, '/feed/friends');
  };
  const { perSecond } = await closedLoop({ url: system.url, connections, seconds, pids: system.pids, request });
  return perSecond;
}

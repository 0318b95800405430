import { get, post } from '../../load/traffic/api.ts';
import type { User } from '../../load/world/world.ts';
import type { BenchWorld } from '../context.ts';
import { closedLoop } from '../measure/closed-loop.ts';

/**
 * How many requests a second the system can answer, posts and friends pages in turn: what it answers to `connections`
 * that send one after the other. A busy machine lowers that as it lowers what the load meets; a search for a rate at which
 * nothing is late would end at the machine's worst moment.
 */
export async function findKnee({ system, users }: BenchWorld, connections: number, seconds: number): Promise<number> {
  const request = (number: number) => {
    const user = users[number % users.length] as User;
    return number % 2 ? post(user, '/post', { type: 'post', content: 'a' }) : get(user, '/feed/friends');
  };
  const { perSecond } = await closedLoop({ url: system.url, connections, seconds, pids: system.pids, request });
  return perSecond;
}

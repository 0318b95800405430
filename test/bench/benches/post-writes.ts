import { post } from '../../load/traffic/api.ts';
import type { User } from '../../load/world/world.ts';
import type { Benchmark } from '../benchmark.ts';
import { besideInserts } from '../measure/beside-inserts.ts';
import { insertsAlone } from '../measure/pgbench.ts';

/** `POST /post`, which is durable before the response. */
export const postWrites: Benchmark = {
  name: 'post-writes',
  reference: insertsAlone,
  async run(context) {
    const { users } = await context.world();
    const content = 'What I wanted to say for the 1000th time';
    const request = (number: number) => post(users[number % users.length] as User, '/post', { type: 'post', content });
    const data = { actor: { id: 1000, name: users[0]?.name }, object: { type: 'post', id: 1000, content } };
    return besideInserts(context, request, { type: 'activity.object-posted.v1', data });
  },
};

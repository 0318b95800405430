import { post } from '../../load/traffic/api.ts';
import { Gateway } from '../../load/traffic/gateway.ts';
import { ask } from '../../load/world/ask.ts';
import type { User } from '../../load/world/world.ts';
import type { Benchmark } from '../benchmark.ts';
import { besideInserts } from '../measure/beside-inserts.ts';
import { insertsAlone } from '../measure/pgbench.ts';

/** `POST /activity` with shares: an object can be shared repeatedly but liked only once. */
export const activityWrites: Benchmark = {
  name: 'activity-writes',
  reference: insertsAlone,
  async run(context) {
    const { system, users } = await context.world();
    const owner = users[0] as User;
    const gateway = new Gateway(system.url, 1);
    const { object_id: id } = await ask(gateway, post(owner, '/post', { type: 'post', content: 'Share this' }));
    await gateway.close();
    const request = (number: number) =>
      post(users[number % users.length] as User, '/activity', { verb: 'share', object: `post:${id}` });
    const person = { id: 1000, name: owner.name };
    const data = { actor: person, object: { type: 'post', id }, target: person };
    return besideInserts(context, request, { type: 'activity.object-shared.v1', data });
  },
};

import type { GatewayRequest } from '../../load/traffic/gateway.ts';
import type { Figure } from '../benchmark.ts';
import type { BenchContext } from '../context.ts';
import { alternately } from './alternately.ts';
import { closedLoop } from './closed-loop.ts';
import { type Inserts, insertsPerSecond } from './pgbench.ts';

/** Measures writes, in turn with plain inserts of the same events. */
export async function besideInserts(
  context: BenchContext,
  request: (number: number) => GatewayRequest,
  event: Pick<Inserts, 'type' | 'data'>,
): Promise<Figure[]> {
  const { system } = await context.world();
  const { rounds, seconds, connections } = context.sizes;
  const loop = { url: system.url, pids: system.pids, connections, seconds, request };
  await closedLoop({ ...loop, seconds: seconds / 4 });
  const { reference, ours } = await alternately(
    rounds,
    () => insertsPerSecond({ ...event, url: system.databases.activity, connections, seconds }),
    () => closedLoop(loop),
  );
  const perSecond = ours.map((result) => result.perSecond);
  const cpu = ours.map((result) => result.cpu);
  return [
    { name: 'requests', unit: '/s', ours: perSecond, reference },
    { name: 'CPU per request', unit: 'µs', ours: cpu },
  ];
}

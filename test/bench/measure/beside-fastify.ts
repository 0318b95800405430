import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { get } from '../../load/traffic/api.ts';
import { Gateway, type GatewayRequest } from '../../load/traffic/gateway.ts';
import { ask } from '../../load/world/ask.ts';
import type { Figure } from '../benchmark.ts';
import { type BenchContext, type BenchWorld, sample } from '../context.ts';
import { alternately } from './alternately.ts';
import { closedLoop } from './closed-loop.ts';
import { cpuOf } from './process-cpu.ts';
import { timesAtRate } from './times-at-rate.ts';

export const bareFastify = 'one bare Fastify process that returns the same bytes';

/** Requests of readers from the most to the least popular. */
export async function firstPages(context: BenchContext, path: string): Promise<GatewayRequest[]> {
  return firstPagesOf(await context.world(), context, path);
}

export const firstPagesOf = ({ users }: BenchWorld, { sizes }: BenchContext, path: string): GatewayRequest[] =>
  sample(users, sizes.readers).map((user) => get(user, path));

/** Requests `pages` in turn from our system and from a server that has the responses in memory. */
export async function besideFastify(
  context: BenchContext,
  pages: readonly GatewayRequest[],
  connections = context.sizes.connections,
): Promise<Figure[]> {
  const { system } = await context.world();
  const { rounds, seconds } = context.sizes;
  const over = `, ${connections} connections`;
  const server = await startFastify(await answersTo(system.url, pages));
  const request = (number: number) => pages[number % pages.length] as GatewayRequest;
  const loop = { connections, seconds, request };
  // Warm up both.
  const warm = { ...loop, seconds: seconds / 4 };
  try {
    await closedLoop({ ...warm, ...server });
    await closedLoop({ ...warm, url: system.url, pids: system.pids });
    const { reference, ours } = await alternately(
      rounds,
      () => closedLoop({ ...loop, ...server }),
      () => closedLoop({ ...loop, url: system.url, pids: system.pids }),
    );
    return [
      {
        name: `requests${over}`,
        unit: '/s',
        ours: ours.map(({ perSecond }) => perSecond),
        reference: reference.map(({ perSecond }) => perSecond),
      },
      {
        name: `CPU per request${over}`,
        unit: 'µs',
        ours: ours.map(({ cpu }) => cpu),
        reference: reference.map(({ cpu }) => cpu),
      },
    ];
  } finally {
    server.stop();
  }
}

/** In microseconds. */
export interface PageCpu {
  readonly saturated: number;
  /** Includes waking the process for each request. */
  readonly atRate: number;
}

/** The CPU time that bare Fastify needs for one of the pages: at saturation, and at `rate` requests a second. */
export async function pageCpu(
  { system }: BenchWorld,
  { sizes: { seconds, connections }, signal }: BenchContext,
  pages: readonly GatewayRequest[],
  rate: number,
): Promise<PageCpu> {
  const server = await startFastify(await answersTo(system.url, pages));
  const loop = { ...server, connections, request: (number: number) => pages[number % pages.length] as GatewayRequest };
  try {
    await closedLoop({ ...loop, seconds: seconds / 4 });
    const { cpu: saturated } = await closedLoop({ ...loop, seconds });
    const before = cpuOf(server.pids);
    const { length } = await timesAtRate(server.url, rate, seconds, loop.request, signal, 1);
    return { saturated, atRate: (cpuOf(server.pids) - before) / length };
  } finally {
    server.stop();
  }
}

async function answersTo(url: string, pages: readonly GatewayRequest[]): Promise<string[]> {
  const gateway = new Gateway(url, 1);
  const bodies = [];
  for (const page of pages) bodies.push(JSON.stringify(await ask(gateway, page)));
  await gateway.close();
  return bodies;
}

async function startFastify(bodies: string[]) {
  const child = fork(join(import.meta.dirname, 'fastify-server.ts'));
  child.send(bodies);
  const [port] = (await once(child, 'message')) as [number];
  return { url: `http://127.0.0.1:${port}`, pids: [child.pid as number], stop: () => void child.kill() };
}

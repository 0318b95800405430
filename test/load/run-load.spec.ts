import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { runLoad } from './run-load.ts';

const users = ['ann', 'bob'].map((name) => ({ name, key: name }));
const world = { users, objects: [], probes: [] };
const RATE = 200;

/** Answers at once, except from `from` to `until` (ms after the first request), when all requests have to wait. */
async function serverThatStalls(from: number, until: number) {
  let startedAt: number | undefined;
  const arrivedAt: number[] = [];
  const server = createServer((_, response) => {
    startedAt ??= performance.now();
    const now = performance.now() - startedAt;
    arrivedAt.push(now);
    const wait = now >= from && now < until ? until - now : 0;
    setTimeout(() => response.end('{"friends_feed":[],"next_url":""}'), wait);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, arrivedAt, server };
}

const close = (server: Server) => new Promise((resolve) => server.close(resolve));

/** How many requests arrive during a stall of one second, and the result. */
async function loadWithStall() {
  const { url, arrivedAt, server } = await serverThatStalls(1000, 2000);
  const result = await runLoad({ url, rate: RATE, duration: 3, reads: 100, users: 'zipf', depth: 1, world });
  await close(server);
  return [arrivedAt.filter((at) => at >= 1000 && at < 2000).length, result] as const;
}

describe('runLoad', () => {
  it('does not hide a stall: it sends all requests that are due meanwhile, and waits for them', async () => {
    // A third of all requests are due during the stall of one second. On a busy machine most of them may be late.
    let [duringStall, result] = await loadWithStall();
    for (let tries = 1; tries < 5 && duringStall <= RATE * 0.1; tries++) [duringStall, result] = await loadWithStall();
    expect(result).toMatchObject({ errors: 0, endedEarly: false, all: { count: 3 * RATE } });
    expect(duringStall).toBeGreaterThan(RATE * 0.1);
    expect(result.all.max).toBeGreaterThan(950);
    expect(result.all.p99).toBeGreaterThan(900);
    expect(result.all.p90).toBeGreaterThan(400);
  });

  it('counts requests without a response as errors', async () => {
    const { url, server } = await serverThatStalls(0, 0);
    await close(server);
    const result = await runLoad({ url, rate: 50, duration: 1, reads: 0, users: 'uniform', depth: 1, world });
    expect(result).toMatchObject({ errors: 50, reached: 0, all: { count: 50 } });
    for (const { errors } of result.routes) expect(Object.keys(errors)).toEqual(['ECONNREFUSED']);
  });

  it('rejects a URL on another machine', async () => {
    const plan = { url: 'http://192.0.2.1', rate: 1, duration: 1, reads: 100, users: 'zipf', depth: 1, world } as const;
    await expect(runLoad(plan)).rejects.toThrow('it must be on this machine');
  });

  it('ends early on a stop, with the results so far', async () => {
    const { url, arrivedAt, server } = await serverThatStalls(0, 0);
    const stop = AbortSignal.timeout(500);
    const plan = { url, rate: RATE, duration: 600, reads: 100, users: 'zipf', depth: 1, world } as const;
    const result = await runLoad(plan, stop);
    await close(server);
    expect(result.endedEarly).toBe(true);
    expect(result.all.count).toBe(arrivedAt.length);
    expect(result.seconds).toBeLessThan(60);
  });
});

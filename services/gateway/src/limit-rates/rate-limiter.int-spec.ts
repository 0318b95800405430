import type { UserId } from '@activity-feed/contracts';
import { createRedis } from '@activity-feed/hosting';
import type { Redis } from 'ioredis';
import { eventually } from '../../../../test/harness/eventually';
import { LocalRedis } from '../../../../test/harness/local-redis';
import { describeWithOwnServers } from '../../../../test/harness/servers';
import { TcpProxy } from '../../../../test/harness/tcp-proxy';
import { silent } from '../../../../test/harness/test-database';
import { RateCounts, WINDOW_SECONDS } from './rate-counts';
import { RateLimiter } from './rate-limiter';

const PER_SECOND = 20;
const POINTS = PER_SECOND * WINDOW_SECONDS;
const TENTH = POINTS / 10;
const DEFAULTS = { reads: PER_SECOND, writes: 5, aggregates: 5, admin: 5, 'failed-keys': 5 };

describeWithOwnServers('limits of two gateways', () => {
  let server: LocalRedis;
  let proxy: TcpProxy;
  let clients: Redis[];
  let limiters: RateLimiter[];
  let users = 0;

  beforeAll(async () => {
    server = await LocalRedis.start();
    proxy = await TcpProxy.to('127.0.0.1', Number(new URL(server.url).port));
    clients = [0, 1].map(() => createRedis(`redis://127.0.0.1:${proxy.port}`, 'limits.', silent));
    limiters = clients.map((client) => new RateLimiter(DEFAULTS, new RateCounts(client)));
    await connected();
  });
  afterAll(async () => {
    for (const client of clients) client.disconnect();
    await proxy?.close();
    await server?.stop();
  });

  const connected = () =>
    eventually('both are connected', () => Promise.resolve(clients.every(({ status }) => status === 'ready')));

  /** How many of `count` reads are admitted at each gateway, begun at once at both. */
  const admitted = (user: UserId, count: number, only = limiters) =>
    Promise.all(only.map((limiter) => admittedBy(limiter, user, count)));

  async function admittedBy(limiter: RateLimiter, user: UserId, count: number): Promise<number> {
    const reads = Array.from({ length: count }, async () => limiter.admitUser(user, 'reads'));
    const outcomes = await Promise.allSettled(reads);
    return outcomes.filter(({ status }) => status === 'fulfilled').length;
  }

  /** The outcome of `work` for a new user, repeated if the machine is so busy that the window may have ended. */
  async function inOneWindow<Value>(work: (user: UserId) => Promise<Value>): Promise<Value> {
    for (;;) {
      const begin = performance.now();
      const value = await work(++users as UserId);
      if (performance.now() - begin < WINDOW_SECONDS * 1_000) return value;
    }
  }

  const sum = (counts: number[]) => counts.reduce((total, count) => total + count, 0);

  it('hold for both together, except for a tenth at each', async () => {
    const total = sum(await inOneWindow((user) => admitted(user, 3 * POINTS)));
    expect(total).toBeGreaterThanOrEqual(POINTS);
    expect(total).toBeLessThanOrEqual(POINTS + 2 * TENTH);
  });

  it('ask nothing of Redis below a tenth', async () => {
    const [first] = clients as [Redis];
    const [limiter] = limiters as [RateLimiter];
    await inOneWindow((user) => admittedBy(limiter, user, TENTH - 1));
    expect(await first.exists(`rate:reads:${users}`)).toBe(0);
    await inOneWindow((user) => admittedBy(limiter, user, TENTH + 1));
    expect(await first.exists(`rate:reads:${users}`)).toBe(1);
  });

  it('are refused with the time until the window ends', async () => {
    const [limiter] = limiters as [RateLimiter];
    const error = await inOneWindow(async (user) => {
      await admittedBy(limiter, user, POINTS);
      return Promise.resolve()
        .then(() => limiter.admitUser(user, 'reads'))
        .catch((reason) => reason);
    });
    expect(error).toMatchObject({
      code: 'RATE_LIMITED',
      headers: {
        ratelimit: expect.stringMatching(/^"reads";r=0;t=[12]$/),
        'ratelimit-policy': `"reads";q=${POINTS};w=2`,
      },
    });
  });

  it('hold for each alone while Redis is down, and for both together afterwards', async () => {
    proxy.cut();
    await eventually('both are disconnected', () => Promise.resolve(clients.every(({ status }) => status !== 'ready')));
    expect(await inOneWindow((user) => admitted(user, 2 * POINTS))).toEqual([POINTS, POINTS]);
    proxy.restore();
    await connected();
    const total = sum(await inOneWindow((user) => admitted(user, 3 * POINTS)));
    expect(total).toBeLessThanOrEqual(POINTS + 2 * TENTH);
  });
});

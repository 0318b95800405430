import type { AddressInfo } from 'node:net';
import type { Logger } from '@activity-feed/hosting';
import Fastify, { type FastifyInstance } from 'fastify';
import { shedLoad } from './shed-load';

const REQUESTS = 10;

describe('a gateway that gets more than it can answer', () => {
  const warn = jest.fn();
  let fastify: FastifyInstance;
  let url: string;
  let busyFor = 0;

  beforeEach(async () => {
    fastify = Fastify();
    warn.mockClear();
    shedLoad(fastify, { warn } as unknown as Logger, 20);
    const handler = () => {
      for (const start = performance.now(); performance.now() - start < busyFor; );
      return { ok: true };
    };
    fastify.get('/page', handler);
    fastify.get('/health', { config: { access: 'public' } }, handler);
    await fastify.listen({ host: '127.0.0.1', port: 0 });
    url = `http://127.0.0.1:${(fastify.server.address() as AddressInfo).port}`;
  });
  afterEach(() => fastify.close());

  /** On connections that are open already: while the first is answered, the others arrive. */
  async function askAtOnce(path: string): Promise<Response[]> {
    const ask = () => Promise.all(Array.from({ length: REQUESTS }, () => fetch(url + path)));
    for (const answer of await ask()) await answer.text();
    busyFor = 100;
    const answers = await ask();
    busyFor = 0;
    return answers;
  }

  it('refuses what has waited, and answers the next as before', async () => {
    const answers = await askAtOnce('/page');
    const refused = answers.filter(({ status }) => status === 503);
    expect(refused.length).toBeGreaterThan(0);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(REQUESTS - refused.length);
    expect(refused[0]?.headers.get('retry-after')).toMatch(/^[123]$/);
    expect(await refused[0]?.json()).toEqual({
      error: true,
      code: 'SERVICE_UNAVAILABLE',
      message: 'Service is not available',
    });
    expect((await fetch(`${url}/page`)).status).toBe(200);
    const counted = warn.mock.calls.map(([{ refused: count }]) => count as number);
    expect(counted.reduce((sum, count) => sum + count, 0)).toBe(refused.length);
  });

  it('answers always what asks for its health', async () => {
    const answers = await askAtOnce('/health');
    expect(answers.every(({ status }) => status === 200)).toBe(true);
  });
});

import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from '@activity-feed/hosting';
import Fastify, { type FastifyInstance } from 'fastify';
import { shedLoad } from './shed-load';

const REQUESTS = 10;
const MOST_OPEN = 100;

/** Until the test's own limit. */
async function until(isTrue: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isTrue())) await pause(5);
}

const portOf = ({ server }: FastifyInstance) => (server.address() as AddressInfo).port;

describe('an overloaded gateway', () => {
  const warn = jest.fn();
  let fastify: FastifyInstance;
  let url: string;
  let busyFor = 0;
  let release = () => {};
  const slow = { count: 0, get: () => Promise.resolve({}), post: () => Promise.resolve({}) };

  async function serve(mostWait: number): Promise<void> {
    fastify = Fastify();
    warn.mockClear();
    shedLoad(fastify, { warn } as unknown as Logger, { mostOpen: MOST_OPEN, mostWait });
    const handler = () => {
      for (const start = performance.now(); performance.now() - start < busyFor; );
      return { ok: true };
    };
    slow.count = 0;
    const counted = (wait: () => Promise<object>) => () => {
      slow.count++;
      return wait();
    };
    fastify.get('/slow', () => counted(slow.get)());
    fastify.post('/slow/:id', () => counted(slow.get)());
    fastify.post('/other', () => counted(slow.post)());
    fastify.get('/page', handler);
    fastify.get('/health', { config: { access: 'public' } }, handler);
    await fastify.listen({ host: '127.0.0.1', port: 0 });
    url = `http://127.0.0.1:${portOf(fastify)}`;
  }
  afterEach(() => {
    release();
    return fastify.close();
  });

  /** On connections that are open already: while the first is answered, the others arrive. */
  async function askAtOnce(path: string): Promise<Response[]> {
    const ask = (path: string) => Promise.all(Array.from({ length: REQUESTS }, () => fetch(url + path)));
    // Health checks open the connections: they are never refused.
    for (const answer of await ask('/health')) await answer.text();
    busyFor = 100;
    const answers = await ask(path);
    busyFor = 0;
    return answers;
  }

  it('refuses requests that have waited too long, and answers later ones', async () => {
    await serve(20);
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
    let refusedLater = 0;
    while ((await fetch(`${url}/page`)).status !== 200) refusedLater++;
    const counted = warn.mock.calls.map(([{ refused: count }]) => count as number);
    expect(counted.reduce((sum, count) => sum + count, 0)).toBe(refused.length + refusedLater);
  });

  it('always answers health checks', async () => {
    await serve(20);
    const answers = await askAtOnce('/health');
    expect(answers.every(({ status }) => status === 200)).toBe(true);
  });

  describe('with many requests in progress', () => {
    beforeEach(async () => {
      // How long the requests wait to be read depends on the machine.
      await serve(Number.POSITIVE_INFINITY);
      const released = new Promise<void>((resolve) => {
        release = resolve;
      });
      const wait = () => released.then(() => ({ ok: true }));
      slow.get = wait;
      slow.post = wait;
    });

    const read = () => fetch(`${url}/slow`);
    const write = (path: string) => fetch(`${url}${path}`, { method: 'POST' });
    const underWay = (count: number) => until(() => slow.count === count);

    it('refuses requests for the same resource until one has ended, and answers those for others', async () => {
      const waiting = Array.from({ length: MOST_OPEN }, () => read());
      await underWay(MOST_OPEN);
      expect((await read()).status).toBe(503);
      expect((await write('/slow/1')).status).toBe(503);
      const ofAnother = write('/other');
      await underWay(MOST_OPEN + 1);
      release();
      expect((await ofAnother).status).toBe(200);
      for (const answer of await Promise.all(waiting)) expect(answer.status).toBe(200);
      expect((await read()).status).toBe(200);
    });

    it('does not count a read whose client has disconnected', async () => {
      const sockets = Array.from({ length: MOST_OPEN }, () => {
        const socket = connect(portOf(fastify), '127.0.0.1');
        socket.write('GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n');
        return socket;
      });
      await underWay(MOST_OPEN);
      for (const socket of sockets) socket.destroy();
      const isAnswered = async () => {
        const answer = await Promise.race([read(), pause(100, undefined)]);
        return answer?.status !== 503;
      };
      await until(isAnswered);
      release();
    });

    it('does not count a request whose body has not arrived', async () => {
      const head =
        'POST /slow/1 HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n';
      const sockets = Array.from({ length: MOST_OPEN }, () => connect(portOf(fastify), '127.0.0.1'));
      await Promise.all(sockets.map((socket) => once(socket, 'connect')));
      for (const socket of sockets) socket.write(`${head}{`);
      const answer = read();
      await underWay(1);
      release();
      expect((await answer).status).toBe(200);
      for (const socket of sockets) socket.destroy();
    });

    it('does not count pipelined requests whose client has disconnected', async () => {
      const pipelined = connect(portOf(fastify), '127.0.0.1');
      pipelined.write('GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n'.repeat(MOST_OPEN));
      await underWay(MOST_OPEN);
      pipelined.destroy();
      await until(async () => (await Promise.race([read(), pause(100, undefined)]))?.status !== 503);
      release();
    });

    it('does not serve a client that disconnected before its request was read', async () => {
      const waiting = Array.from({ length: MOST_OPEN - 1 }, () => read());
      await underWay(MOST_OPEN - 1);
      const gone = connect(portOf(fastify), '127.0.0.1');
      await once(gone, 'connect');
      // The kernel has both before the server's next turn: the request and the end of its connection.
      gone.write('GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n');
      gone.destroy();
      await once(gone, 'close');
      // A read is let through once the request has left its place.
      await until(async () => (await Promise.race([read(), pause(100, undefined)]))?.status !== 503);
      await underWay(MOST_OPEN);
      release();
      await Promise.all(waiting);
      expect(slow.count).toBe(MOST_OPEN);
    });
  });
});

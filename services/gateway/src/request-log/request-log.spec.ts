import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Logger } from '@activity-feed/hosting';
import { fastify as createFastify } from 'fastify';
import { pino } from 'pino';
import { register } from 'prom-client';
import { sendBytes } from '../read-feed/send-bytes';
import { logRequests, type RequestLogOptions } from './request-log';

const INFO = 30;
const WARN = 40;
const headers = { 'x-app-key': 'abc123', 'consistency-token': 'activity.1.2', 'content-type': 'text/plain' };

type Ask = (method: string, path: string) => Promise<unknown>;

/** The log lines of the requests that `work` sends to a server. */
async function linesOf(options: Omit<RequestLogOptions, 'logger'>, work: (ask: Ask) => Promise<unknown>) {
  const lines: object[] = [];
  const logger = pino({ base: null, timestamp: false }, { write: (line) => lines.push(JSON.parse(line)) }) as Logger;
  const server = createFastify({ genReqId: () => 'id-of-the-request' });
  logRequests(server, { logger, ...options });
  server.addHook('onRequest', (request, reply, done) => {
    if (request.headers['x-app-key'] === undefined) void reply.status(401).send();
    else done();
  });
  server.get('/feed/my', (_request, reply) => sendBytes(reply, '{"my_feed":[]}'));
  server.get('/objects/:object', async () => ({ likes: 1 }));
  server.get('/broken', async (_request, reply) => reply.status(503).send());
  server.post('/post', async () => ({ message: 'Activity recorded' }));
  const hangUp = new AbortController();
  let hungUp: Promise<unknown> | undefined;
  for (const [url, isStream] of [
    ['/hanging', false],
    ['/stream', true],
  ] as const)
    server.route({
      method: ['GET', 'POST'],
      url,
      config: { isStream },
      handler(_request, reply) {
        hungUp = once(reply.raw, 'close');
        hangUp.abort();
        return new Promise(() => undefined);
      },
    });
  await server.listen({ port: 0, host: '127.0.0.1' });
  const { port } = server.server.address() as AddressInfo;
  await work((method, path) => fetch(`http://127.0.0.1:${port}${path}`, { method, headers, signal: hangUp.signal }));
  await hungUp;
  await server.close();
  return lines;
}

const line = (level: number, method: string, route: string | undefined, status: number | undefined) => ({
  level,
  request_id: 'id-of-the-request',
  method,
  ...(route !== undefined && { route }),
  ...(status !== undefined && { status }),
  ms: expect.any(Number),
  msg: status === undefined ? 'client disconnected before the answer' : 'request answered',
});

describe('the log of requests', () => {
  it('contains the route of a read, but nothing that the caller sent', async () => {
    const lines = await linesOf({ sample: 1 }, async (ask) => {
      await ask('GET', '/feed/my?cursor=abc');
      await ask('HEAD', '/objects/photo:21?key=abc123');
      await ask('GET', '/abc123?key=abc123');
    });
    expect(lines).toEqual([
      line(INFO, 'GET', '/feed/my', 200),
      line(INFO, 'HEAD', '/objects/:object', 200),
      line(INFO, 'GET', undefined, 404),
    ]);
    expect(JSON.stringify(lines)).not.toMatch(/abc|photo|activity\.1/);
  });

  it('contains a random sample of successful reads', async () => {
    const chances = [0.0009, 0.001, 0.5, 0.0001];
    const draw = () => chances.pop() as number;
    const lines = await linesOf({ sample: 1_000, draw }, async (ask) => {
      for (const path of ['/feed/my', '/feed/my', '/objects/photo:1', '/objects/photo:1']) await ask('GET', path);
    });
    expect(lines).toMatchObject([{ route: '/feed/my' }, { route: '/objects/:object' }]);
  });

  it('contains no successful reads when the sample is 0', async () => {
    expect(await linesOf({ sample: 0, draw: () => 0 }, (ask) => ask('GET', '/feed/my'))).toEqual([]);
  });

  it('contains a warning for every read with a server error', async () => {
    expect(await linesOf({ sample: 0 }, (ask) => ask('GET', '/broken'))).toEqual([line(WARN, 'GET', '/broken', 503)]);
  });

  it('contains a warning for every slow read', async () => {
    const lines = await linesOf({ sample: 0, slow: 0 }, (ask) => ask('GET', '/feed/my'));
    expect(lines).toEqual([line(WARN, 'GET', '/feed/my', 200)]);
  });

  it('contains every write, regardless of its status', async () => {
    const lines = await linesOf({ sample: 0 }, async (ask) => {
      await ask('POST', '/post');
      await ask('POST', '/nowhere');
      await ask('DELETE', '/post');
    });
    expect(lines).toEqual([
      line(INFO, 'POST', '/post', 200),
      line(INFO, 'POST', undefined, 404),
      line(INFO, 'DELETE', undefined, 404),
    ]);
  });

  it('contains a write whose client disconnected before the answer', async () => {
    const lines = await linesOf({ sample: 0 }, (ask) => expect(ask('POST', '/hanging')).rejects.toThrow());
    expect(lines).toEqual([line(INFO, 'POST', '/hanging', undefined)]);
  });
});

describe('the metrics of requests', () => {
  const aborted = async () =>
    (await register.getSingleMetricAsString('http_requests_aborted_total'))
      .split('\n')
      .filter((line) => line.startsWith('http_requests_aborted_total'))
      .sort();

  it('count those whose client disconnected before the answer, other than streams', async () => {
    register.resetMetrics();
    const hangUp = (method: string, path: string) =>
      linesOf({ sample: 0 }, (ask) => expect(ask(method, path)).rejects.toThrow());
    for (const path of ['/hanging', '/hanging', '/stream']) await hangUp('GET', path);
    await hangUp('POST', '/hanging');
    await linesOf({ sample: 0 }, (ask) => ask('GET', '/feed/my'));
    expect(await aborted()).toEqual([
      'http_requests_aborted_total{method="GET",route="/hanging"} 2',
      'http_requests_aborted_total{method="POST",route="/hanging"} 1',
    ]);
  });
});

import { METHODS } from 'node:http';
import { corsHeaders } from '../../services/gateway/src/allow-origins/cors-headers';
import { describedOperations } from '../harness/described-operations';
import { expectRefusal } from './expect-refusal';
import { LoneGateway } from './lone-gateway';

const APP = 'https://app.example';
const OTHER = 'https://other.example';
const ALLOW_ORIGIN = 'access-control-allow-origin';

describe('an answer to a page of another origin', () => {
  it('allows the origin if it is listed, and varies with it', () => {
    const allowed = [APP, 'http://localhost:3000'];
    expect(corsHeaders(allowed, APP)).toMatchObject({ vary: 'Origin', [ALLOW_ORIGIN]: APP });
    for (const origin of [OTHER, 'null', '', `${APP}:8443`, 'https://app.example.other.example', undefined]) {
      expect(corsHeaders(allowed, origin)).toEqual({ vary: 'Origin' });
    }
  });

  it('allows every origin with *', () => {
    expect(corsHeaders(['*'], OTHER)).toMatchObject({ [ALLOW_ORIGIN]: '*' });
    expect(corsHeaders(['*'], OTHER)).not.toHaveProperty('vary');
  });

  it('allows none without a list', () => {
    expect(corsHeaders(undefined, APP)).toEqual({});
  });
});

describe('a gateway without CORS_ORIGINS', () => {
  let gateway: LoneGateway;
  beforeAll(async () => {
    gateway = await LoneGateway.start();
  });
  afterAll(() => gateway?.stop());

  it('allows no origin and answers no preflight', async () => {
    const head = `host: a\r\norigin: ${APP}\r\n`;
    const read = await gateway.ask(`GET /me HTTP/1.1\r\n${head}x-app-key: abc123\r\n\r\n`);
    expect(Object.keys(read.headers).filter((name) => /^(access-control|vary)/.test(name))).toEqual([]);
    expectRefusal(
      await gateway.ask(`OPTIONS /me HTTP/1.1\r\n${head}access-control-request-method: PATCH\r\n\r\n`),
      405,
      'METHOD_NOT_ALLOWED',
    );
  });
});

describe('a gateway with CORS_ORIGINS', () => {
  let gateway: LoneGateway;
  beforeAll(async () => {
    gateway = await LoneGateway.start(undefined, { CORS_ORIGINS: [APP], MAX_OPEN_REQUESTS: 1 });
  });
  afterAll(() => gateway?.stop());

  const ask = (start: string, fields: Record<string, string> = {}) => {
    const lines = Object.entries({ host: 'a', ...fields }).map(([name, value]) => `${name}: ${value}\r\n`);
    return gateway.ask(`${start} HTTP/1.1\r\n${lines.join('')}\r\n`);
  };
  const preflight = (path: string, origin: string, method = 'POST') =>
    ask(`OPTIONS ${path}`, { origin, 'access-control-request-method': method });

  it('answers preflights of every route without a key', async () => {
    for (const { method, path } of await describedOperations(gateway.address)) {
      const { status, headers, body } = await preflight(path, APP, method);
      expect([path, status, body]).toEqual([path, 204, '']);
      expect(headers).toMatchObject({ [ALLOW_ORIGIN]: APP, vary: 'Origin', 'access-control-max-age': '7200' });
      expect(headers['access-control-allow-methods']?.split(', ')).toContain(method);
    }
  });

  it('lets pages send keys, tokens and positions, and neither the admin key nor cookies', async () => {
    const { headers } = await preflight('/post', APP);
    const allowed = headers['access-control-allow-headers']?.toLowerCase().split(', ') ?? [];
    expect(allowed).toEqual(
      expect.arrayContaining(['x-app-key', 'content-type', 'consistency-token', 'idempotency-key', 'last-event-id']),
    );
    expect(allowed).not.toContain('x-admin-key');
    expect(headers).not.toHaveProperty('access-control-allow-credentials');
  });

  it('lets pages of the origin read answers, errors too', async () => {
    const key = { 'x-app-key': 'abc123' };
    const answers: [answer: Awaited<ReturnType<typeof ask>>, status: number][] = [
      [await ask('GET /health/live', { origin: APP }), 200],
      [await ask('GET /me', { origin: APP }), 400],
      [await ask('GET /me', { origin: APP, ...key }), 503],
      [await ask('GET /nowhere', { origin: APP }), 404],
      [await ask('PUT /post', { origin: APP }), 405],
      [await ask('OPTIONS /post', { origin: APP }), 405],
      [await ask('POST /post', { origin: APP, ...key, 'content-length': '0' }), 400],
      [await ask('GET /notifications/stream', { origin: APP }), 400],
      [await ask('GET /me', { origin: APP, expect: 'a gift' }), 417],
    ];
    for (const [{ status, headers }, expected] of answers) {
      expect({ status, headers }).toMatchObject({ status: expected, headers: { [ALLOW_ORIGIN]: APP, vary: 'Origin' } });
      const exposed = headers['access-control-expose-headers']?.toLowerCase().split(', ');
      expect(exposed).toEqual(expect.arrayContaining(['x-request-id', 'retry-after', 'consistency-token']));
    }
  });

  it('gives pages of other origins nothing to read with', async () => {
    const refused = await preflight('/post', OTHER);
    const read = await ask('GET /me', { origin: OTHER, 'x-app-key': 'abc123' });
    expect([refused.status, read.status]).toEqual([204, 503]);
    for (const { headers } of [refused, read]) {
      expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
      expect(headers.vary).toBe('Origin');
    }
  });

  it('takes only OPTIONS with an origin and a method for a preflight', async () => {
    for (const method of METHODS.filter((name) => !['CONNECT', 'OPTIONS', 'GET', 'HEAD', 'PATCH'].includes(name))) {
      const answer = await ask(`${method} /me`, { origin: APP, 'access-control-request-method': 'POST' });
      expectRefusal(answer, 405, 'METHOD_NOT_ALLOWED');
    }
    expectRefusal(await ask('OPTIONS /me', { 'access-control-request-method': 'POST' }), 405, 'METHOD_NOT_ALLOWED');
  });

  it('answers preflights while requests for the resource are refused, and does not count them', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    gateway.held = promise;
    const post = '{"type":"post","content":"a"}';
    const busy = await gateway.open();
    busy.write(
      `POST /post HTTP/1.1\r\nhost: a\r\nx-app-key: abc123\r\ncontent-type: application/json\r\ncontent-length: ${post.length}\r\n\r\n${post}`,
    );
    try {
      for (let count = 0; count < 50; count++) expect((await preflight('/post', APP)).status).toBe(204);
    } finally {
      resolve();
    }
    expectRefusal((await busy.answers(1))[0], 503, 'SERVICE_UNAVAILABLE');
    busy.socket.destroy();
  });
});

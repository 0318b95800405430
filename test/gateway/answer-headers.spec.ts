import { describedOperations } from '../harness/described-operations';
import { ADMIN_KEY, LoneGateway } from './lone-gateway';

const KEYS = { 'x-app-key': 'abc123', 'x-admin-key': ADMIN_KEY };

describe('the headers of answers', () => {
  let gateway: LoneGateway;
  beforeAll(async () => {
    gateway = await LoneGateway.start();
  });
  afterAll(() => gateway?.stop());

  const headersOf = async (path: string, init: RequestInit = {}) =>
    (await fetch(`${gateway.address}${path}`, init)).headers;
  const cacheControl = async (path: string, init: RequestInit = {}) =>
    (await headersOf(path, init)).get('cache-control');

  it('forbid storing what a key opens, with and without a key, on every route', async () => {
    const secured = (await describedOperations(gateway.address)).filter(({ needsKey }) => needsKey);
    expect(secured.length).toBeGreaterThan(40);
    for (const { method, path } of secured) {
      const json = { 'content-type': 'application/json' };
      const body = method === 'GET' || method === 'DELETE' ? null : '{}';
      for (const headers of [{ ...json, ...KEYS }, json]) {
        expect([method, path, await cacheControl(path, { method, headers, body })]).toEqual([
          method,
          path,
          'private, no-store',
        ]);
      }
    }
  });

  it('let public documents be stored, but not used unasked', async () => {
    expect(await cacheControl('/openapi.json')).toBe('no-cache');
    expect(await cacheControl('/docs')).toBe('no-cache');
    expect(await cacheControl('/health/ready')).toBe('private, no-store');
  });

  it.each([
    ['a key', '/me', { headers: { 'x-app-key': 'abc123' } }],
    ['no key', '/me', {}],
    ['an unknown path', '/nowhere', {}],
    ['another method', '/me', { method: 'OPTIONS' }],
    ['public routes', '/health/live', {}],
    ['the document', '/openapi.json', {}],
    ['the pages', '/docs', {}],
    ['the files of the pages', '/docs/swagger-ui-bundle.js', {}],
  ])('forbid guessing the type: %s', async (_case, path, init) => {
    expect((await headersOf(path, init)).get('x-content-type-options')).toBe('nosniff');
  });

  it('are the same on answers that Fastify does not give', async () => {
    for (const bytes of ['nonsense\r\n\r\n', 'CONNECT a:1 HTTP/1.1\r\nhost: a\r\n\r\n']) {
      expect((await gateway.ask(bytes)).headers).toMatchObject({
        'cache-control': 'private, no-store',
        'x-content-type-options': 'nosniff',
      });
    }
  });
});

describe('the pages of the documentation', () => {
  let gateway: LoneGateway;
  beforeAll(async () => {
    gateway = await LoneGateway.start();
  });
  afterAll(() => gateway?.stop());

  const policyOf = (headers: Headers) =>
    Object.fromEntries(
      (headers.get('content-security-policy') ?? '').split('; ').map((text) => {
        const [name = '', ...sources] = text.split(' ');
        return [name, sources];
      }),
    );

  it('cannot be framed, and tell no other site where a visitor comes from', async () => {
    const { headers } = await fetch(`${gateway.address}/docs`);
    expect(policyOf(headers)['frame-ancestors']).toEqual(["'none'"]);
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
  });

  it('consist of what their policy allows: files of this origin as scripts, inline styles', async () => {
    const page = await fetch(`${gateway.address}/docs`);
    const html = await page.text();
    const policy = policyOf(page.headers);
    expect(policy['default-src']).toEqual(["'none'"]);
    expect(policy['script-src']).toEqual(["'self'"]);
    expect(policy['style-src']).toEqual(["'self'", "'unsafe-inline'"]);
    const scripts = [...html.matchAll(/<script([^>]*)>([^<]*)/g)];
    expect(scripts.length).toBeGreaterThan(2);
    for (const [, attributes = '', text = ''] of scripts) {
      const [, source] = /src="(\.?\/[^"]+)"/.exec(attributes) ?? [];
      expect([attributes, text.trim()]).toEqual([expect.stringContaining('src='), '']);
      const script = await fetch(new URL(source as string, `${gateway.address}/docs`));
      expect([script.status, script.headers.get('content-type')]).toEqual([200, expect.stringContaining('javascript')]);
    }
    expect(html).not.toMatch(/\son[a-z]+=|javascript:/i);
    const linked = [...html.matchAll(/<link[^>]* href="([^"]+)"/g)].map(([, href]) => href as string);
    for (const href of linked) {
      const { status, headers } = await fetch(new URL(href, `${gateway.address}/docs`));
      expect([status, headers.get('content-type')]).toEqual([200, expect.stringMatching(/css|image/)]);
    }
  });

  it('do not put their policy on other answers', async () => {
    const { headers } = await fetch(`${gateway.address}/me`);
    expect(headers.has('content-security-policy')).toBe(false);
  });
});

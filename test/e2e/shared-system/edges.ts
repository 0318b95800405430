import { request } from '../../harness/api-client';
import { describedOperations } from '../../harness/described-operations';
import { EventStream } from '../../harness/event-stream';
import { ADMIN_KEY, type System } from '../../harness/system';

const APP = 'https://app.example';
const JSON_TYPE = { 'content-type': 'application/json' };

/** Declares the tests. */
export function testEdges(system: () => System): void {
  let address: string;
  let key: Record<string, string>;
  beforeAll(async () => {
    address = await system().openGateway({ CORS_ORIGINS: APP });
    const user = await system().as('edges_user');
    await user.post('photo', 'Sunrise');
    key = { 'x-app-key': user.key };
  });

  const expectPrivate = (headers: Headers, what: string) =>
    expect([what, headers.get('cache-control'), headers.get('access-control-allow-origin')]).toEqual([
      what,
      expect.stringMatching(/^private, no-store(, no-transform)?$/),
      APP,
    ]);

  it('forbids storing every answer to a read with a key, and lets the page read it', async () => {
    const reads = (await describedOperations(address)).filter(({ method, needsKey }) => method === 'GET' && needsKey);
    const statuses: number[] = [];
    for (const { path } of reads) {
      const stream = await EventStream.open(`${address}${path}`, { ...key, 'x-admin-key': ADMIN_KEY, origin: APP });
      stream.close();
      expectPrivate(stream.response.headers, path);
      statuses.push(stream.status);
    }
    // The others are about an object that may not exist.
    expect(statuses.filter((status) => status === 200).length).toBeGreaterThan(15);
  });

  it('forbids storing answers with keys and tickets', async () => {
    const admin = { ...JSON_TYPE, origin: APP, 'x-admin-key': ADMIN_KEY };
    const user = { ...JSON_TYPE, origin: APP, ...key };
    const writes: [path: string, headers: Record<string, string>, body: object, field: string][] = [
      ['/users', admin, { name: 'edges_new_user' }, 'auth_token'],
      ['/me/keys', user, { name: 'second' }, 'auth_token'],
      ['/tickets', user, {}, 'ticket'],
    ];
    for (const [path, headers, body, field] of writes) {
      const answer = await request(address, path, { method: 'POST', headers, body: JSON.stringify(body) });
      expect([path, answer.status, typeof answer.body[field]]).toEqual([path, 201, 'string']);
      expectPrivate(answer.headers, path);
    }
  });

  it('answers the preflight and the write of a page', async () => {
    const { status, headers } = await request(address, '/post', {
      method: 'OPTIONS',
      headers: {
        origin: APP,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type,x-app-key',
      },
    });
    expect([status, headers.get('access-control-allow-origin')]).toEqual([204, APP]);
    const body = JSON.stringify({ type: 'post', content: 'from a page' });
    const write = await request(address, '/post', {
      method: 'POST',
      headers: { ...JSON_TYPE, ...key, origin: APP },
      body,
    });
    expect([write.status, write.headers.get('access-control-allow-origin')]).toEqual([200, APP]);
    expect(write.headers.get('access-control-expose-headers')).toContain('Consistency-Token');
    expect(write.headers.get('consistency-token')).toBeTruthy();
  });

  it('lets no page of another origin read, unless the gateway names it', async () => {
    for (const [gateway, origin] of [
      [address, 'https://other.example'],
      [system().address(), APP],
    ] as const) {
      const { status, headers } = await request(gateway, '/me', { headers: { ...key, origin } });
      expect([status, headers.get('access-control-allow-origin')]).toEqual([200, null]);
    }
  });
}

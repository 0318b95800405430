import { withConnection } from '@activity-feed/backend';
import { hashKey, newKey } from '@activity-feed/contracts';
import { ApiClient, request, untilCarriedOut } from '../harness/api-client';
import { EventStream } from '../harness/event-stream';
import { eventually } from '../harness/eventually';
import { testServers } from '../harness/servers';
import { ADMIN_KEY, System, through } from '../harness/system';
import { TcpProxy } from '../harness/tcp-proxy';
import { expectError } from './expect-error';

jest.setTimeout(120_000);

/** Milliseconds: a second, and a margin for a busy machine. Without the rule it would be minutes. */
const SOON = { within: 6_000 };
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00$/;
const HOUR = /^\d{4}-\d\d-\d\dT\d\d:00:00\.000000\+00:00$/;

describe('keys', () => {
  let system: System;
  let count = 0;
  let name: string;
  /** With the key of the registration. */
  let first: ApiClient;
  const streams: EventStream[] = [];

  beforeAll(async () => {
    system = await System.start({ gateways: 2, proxied: ['redis'] });
  });
  afterAll(() => system?.stop());
  beforeEach(async () => {
    name = `keys_${++count}`;
    first = await system.as(name);
  });
  afterEach(() => {
    for (const stream of streams.splice(0)) stream.close();
  });

  const issue = async (body: object = { name: 'laptop' }, client = first) => {
    const answer = await untilCarriedOut(() => client.send('/me/keys', body));
    if (answer.status !== 201) throw new Error(JSON.stringify(answer.body));
    const key = new ApiClient(system.address(), answer.body.auth_token);
    return { id: answer.body.id as number, key, answer };
  };
  const revoke = (id: number, client = first) => untilCarriedOut(() => client.delete(`/me/keys/${id}`));
  const admin = (path: string, method: string, body?: object) =>
    untilCarriedOut(() =>
      request(system.address(), path, {
        method,
        headers: { 'x-admin-key': ADMIN_KEY, 'content-type': 'application/json' },
        ...(body && { body: JSON.stringify(body) }),
      }),
    );
  const doors = (client: ApiClient) => [0, 1].map((gateway) => client.at(system.address(gateway)));
  const statuses = (client: ApiClient, path = '/me') =>
    Promise.all(doors(client).map(async (door) => (await door.servedGet(path)).status));
  const stream = async (client: ApiClient, gateway: number, since?: string) => {
    const headers = { 'x-app-key': client.key, ...(since && { 'last-event-id': since }) };
    const opened = await EventStream.open(`${system.address(gateway)}/notifications/stream`, headers);
    streams.push(opened);
    return opened;
  };
  const followed = async (client: ApiClient, gateway: number) => {
    const opened = await stream(client, gateway);
    await opened.until('it is open', ({ event }) => event === 'position');
    return opened;
  };

  it('are issued, shown once, listed, and accepted by every gateway', async () => {
    const { id, key, answer } = await issue({ name: ' backup script ', expires_at: '2999-01-01T02:00:00+02:00' });
    expect(answer.body).toEqual({
      id,
      name: 'backup script',
      auth_token: expect.stringMatching(/^afs_[0-9A-Za-z]{49}$/),
      created_at: expect.stringMatching(TIME),
      expires_at: '2999-01-01T00:00:00.000000+00:00',
    });
    expect(answer.headers.get('cache-control')).toBe('private, no-store');
    expect(await statuses(key)).toEqual([200, 200]);
    const list = await eventually('the use is listed', async () => {
      const { body } = await key.servedGet('/me/keys');
      return body.keys[0].last_used_at !== null && body.keys;
    });
    const { auth_token: _, ...shown } = answer.body;
    expect(list).toEqual([
      { ...shown, last_used_at: expect.stringMatching(HOUR) },
      {
        id: expect.any(Number),
        name: '',
        created_at: expect.stringMatching(TIME),
        last_used_at: expect.stringMatching(HOUR),
        expires_at: null,
      },
    ]);
    expect(first.key).toMatch(/^afs_[0-9A-Za-z]{49}$/);
  });

  it('are refused by every gateway once they are revoked, and their streams end', async () => {
    const { id, key } = await issue();
    expect(await statuses(key)).toEqual([200, 200]);
    const [revoked, other] = [await followed(key, 1), await followed(first, 1)];
    expect((await revoke(id)).body).toEqual({ id, message: 'Key revoked' });
    for (const door of doors(key)) expectError(await door.get('/me'), 401, 'KEY_INVALID');
    await Promise.all([revoked.ended(), other.ended()]);
    expectError(await key.at(system.address(1)).get('/notifications/stream'), 401, 'KEY_INVALID');
    const resumed = await stream(first, 1, other.lastId);
    expect(resumed.status).toBe(200);
    expect(await statuses(first)).toEqual([200, 200]);
    expectError(await revoke(id), 404, 'KEY_NOT_FOUND');
  });

  it('are refused everywhere if the gateway that revokes them has lost Redis', async () => {
    const { hostname, port } = new URL(testServers().redis);
    const proxy = await TcpProxy.to(hostname, Number(port));
    const lonely = await system.openGateway({ REDIS_URL: through(proxy, testServers().redis) });
    const { id, key } = await issue();
    expect(await statuses(key)).toEqual([200, 200]);
    const revoked = await followed(key, 1);
    await proxy.close();
    expect((await revoke(id, first.at(lonely))).status).toBe(200);
    await eventually('every gateway refuses it', async () => (await statuses(key)).join() === '401,401', SOON);
    await eventually('its stream has ended', () => revoked.isOver, SOON);
  });

  it.each(['cut', 'hang'] as const)('are refused and their streams end soon without Redis too: %s', async (how) => {
    const { id, key } = await issue();
    expect(await statuses(key)).toEqual([200, 200]);
    const [revoked, other] = [await followed(key, 1), await followed(first, 1)];
    system.proxyTo('redis')[how]();
    try {
      // Looked up again, so that it is kept as long as without Redis.
      expect(await statuses(key)).toEqual([200, 200]);
      expect((await revoke(id)).status).toBe(200);
      await eventually('every gateway refuses it', async () => (await statuses(key)).join() === '401,401', SOON);
      await eventually('its stream has ended', () => revoked.isOver, SOON);
      expect(other.isOver).toBe(false);
      expect(await statuses(first)).toEqual([200, 200]);
    } finally {
      system.proxyTo('redis').restore();
    }
    await eventually('Redis answers all gateways again', async () => {
      const healths = await Promise.all([0, 1].map((gateway) => request(system.address(gateway), '/health/ready')));
      return healths.every(({ body }) => body.dependencies.redis === 'up');
    });
    for (const door of doors(key)) expectError(await door.get('/me'), 401, 'KEY_INVALID');
  });

  it('can open streams by tickets, which end with them', async () => {
    const { id, key } = await issue();
    const { ticket } = (await key.send('/tickets', {})).body;
    const opened = await EventStream.open(`${system.address(1)}/notifications/stream?ticket=${ticket}`);
    streams.push(opened);
    await opened.until('it is open', ({ event }) => event === 'position');
    const { ticket: unused } = (await key.send('/tickets', {})).body;
    await revoke(id);
    await opened.ended();
    expectError(await request(system.address(1), `/notifications/stream?ticket=${unused}`), 401, 'KEY_INVALID');
  });

  it('expire, and so do their streams', async () => {
    const expires_at = new Date(Date.now() + 5_000).toISOString();
    const { key, id } = await issue({ name: 'short', expires_at });
    expect(await statuses(key)).toEqual([200, 200]);
    const opened = await followed(key, 1);
    await eventually('it is refused', async () => (await statuses(key)).join() === '401,401');
    expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(expires_at) - 1_000);
    await opened.ended();
    expect((await first.servedGet('/me/keys')).body.keys[0]).toMatchObject({ id, name: 'short' });
    // It does not count as another key.
    const [, own] = (await first.servedGet('/me/keys')).body.keys;
    expectError(await revoke(own.id), 409, 'KEY_IS_LAST');
    expect((await revoke(id)).status).toBe(200);
  });

  it('of others are not found, and the last one stays', async () => {
    const other = await system.as(`${name}_other`);
    const { id } = await issue({ name: 'x' }, other);
    expectError(await revoke(id), 404, 'KEY_NOT_FOUND');
    const [own] = (await first.servedGet('/me/keys')).body.keys;
    expectError(await revoke(own.id), 409, 'KEY_IS_LAST');
    const { key } = await issue();
    expect((await revoke(own.id)).status).toBe(200);
    expectError(await first.get('/me'), 401, 'KEY_INVALID');
    expect((await key.me()).name).toBe(name);
  });

  it('are issued and revoked by operators', async () => {
    const issued = await admin(`/users/${name.toUpperCase()}/keys`, 'POST', { name: 'lost' });
    expect(issued.status).toBe(201);
    expect(issued.headers.get('cache-control')).toBe('private, no-store');
    const lost = new ApiClient(system.address(), issued.body.auth_token);
    expect((await lost.me()).name).toBe(name);
    expect(await statuses(first)).toEqual([200, 200]);
    const { status, body } = await admin(`/users/${name}/keys`, 'DELETE');
    expect({ status, body }).toEqual({ status: 200, body: { name, revoked: 2, message: 'Keys revoked' } });
    expect(await statuses(first)).toEqual([401, 401]);
    expect(await statuses(lost)).toEqual([401, 401]);
    expect((await admin(`/users/${name}/keys`, 'DELETE')).body).toMatchObject({ revoked: 0 });
    const again = await admin(`/users/${name}/keys`, 'POST', { name: 'again', expires_at: null });
    expect((await new ApiClient(system.address(), again.body.auth_token).me()).name).toBe(name);
    expectError(await admin('/users/nobody_at_all/keys', 'DELETE'), 404, 'USER_NOT_FOUND');
    expectError(await admin('/users/nobody_at_all/keys', 'POST', { name: 'x' }), 404, 'USER_NOT_FOUND');
    expectError(await first.delete(`/users/${name}/keys`), 400, 'KEY_MISSING');
  });

  it.each<[object, string]>([
    [{}, 'NAME_INVALID'],
    [{ name: ' ' }, 'NAME_INVALID'],
    [{ name: 7 }, 'NAME_INVALID'],
    [{ name: 'a\u0000b' }, 'NAME_INVALID'],
    [{ name: 'a\nb' }, 'NAME_INVALID'],
    [{ name: 'é'.repeat(101) }, 'NAME_INVALID'],
    [{ name: 'a', expires_at: 'tomorrow' }, 'EXPIRES_AT_INVALID'],
    [{ name: 'a', expires_at: '2019-02-10T12:00:00Z' }, 'EXPIRES_AT_INVALID'],
    [{ name: 'a', expires_at: 4_000_000_000 }, 'EXPIRES_AT_INVALID'],
  ])('are not issued for %j', async (body, code) => {
    expectError(await first.send('/me/keys', body), 400, code as never);
    expectError(await admin(`/users/${name}/keys`, 'POST', body), 400, code as never);
  });

  it.each(['0', '-1', 'x', '1.5', '99999999999999999999', '9007199254740991'])('are not found as %s', async (id) => {
    expectError(await first.delete(`/me/keys/${id}`), 404, 'KEY_NOT_FOUND');
  });

  it('that are mistyped are refused', async () => {
    const { key } = await issue();
    for (const text of [`${key.key}0`, key.key.slice(0, -1), newKey()]) {
      expectError(await new ApiClient(system.address(), text).get('/me'), 401, 'KEY_INVALID');
    }
  });

  it('are in no log, event or table, and neither are hashes in logs and events', async () => {
    const { key, id } = await issue();
    const { key: other } = await issue();
    await key.post('post', 'Hello');
    await revoke(id, other);
    await key.get('/me');
    const secrets = [first, key, other].flatMap(({ key: secret }) => [secret, hashKey(secret).toString('hex')]);
    for (const { name: service, output } of system.processes) {
      for (const secret of secrets) expect({ service, has: output.includes(secret) }).toEqual({ service, has: false });
    }
    await withConnection({ connectionString: system.databases['social-graph'] }, async (client) => {
      const { rows } = await client.query(
        `SELECT events::text AS row FROM events UNION ALL SELECT private_events::text FROM private_events
         UNION ALL SELECT users::text FROM users`,
      );
      const text = rows.map(({ row }) => row).join('\n');
      for (const secret of secrets) expect(text).not.toContain(secret);
    });
  });
});

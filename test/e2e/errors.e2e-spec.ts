import { connect } from 'node:net';
import { CONTENT_MAX_LENGTH, ERRORS, type ErrorCode, hashKey } from '@activity-feed/contracts';
import { Redis } from 'ioredis';
import { BODY_LIMIT } from '../../services/gateway/src/read-body/read-json';
import { type ApiAnswer, type ApiClient, request } from '../harness/api-client';
import { eventually } from '../harness/eventually';
import { testServers, uniqueName } from '../harness/servers';
import { ADMIN_KEY, System } from '../harness/system';

const JSON_TYPE = { 'content-type': 'application/json' };

describe('what the API refuses', () => {
  let system: System;
  let ivan: ApiClient;

  beforeAll(async () => {
    system = await System.start();
    ivan = await system.as('ivan');
  });
  afterAll(() => system?.stop());

  const raw = (path: string, init: RequestInit = {}) => request(system.address(), path, init);
  const postRaw = (body: string | Buffer, headers: Record<string, string> = JSON_TYPE, path = '/post') =>
    raw(path, { method: 'POST', body: body as RequestInit['body'], headers: { 'x-app-key': 'abc123', ...headers } });

  const expectError = ({ status, body, headers }: ApiAnswer, expected: number, code: ErrorCode) => {
    expect({ status, body }).toEqual({ status: expected, body: { error: true, code, message: ERRORS[code].text } });
    expect(headers.get('x-request-id')).toBeTruthy();
  };

  describe('keys', () => {
    it.each(['/me', '/feed/my', '/feed/friends'])('wants one for GET %s', async (path) => {
      expectError(await raw(path), 400, 'KEY_MISSING');
      expectError(await raw(path, { headers: { 'x-app-key': '' } }), 401, 'KEY_INVALID');
      expectError(await raw(path, { headers: { 'x-app-key': 'nobody' } }), 401, 'KEY_INVALID');
    });

    it.each(['/post', '/activity', '/follow', '/unfollow'])('wants one for POST %s before all else', async (path) => {
      const init = { method: 'POST', body: 'no json' };
      expectError(await raw(path, init), 400, 'KEY_MISSING');
      expectError(await raw(path, { ...init, headers: { 'x-app-key': 'nobody' } }), 401, 'KEY_INVALID');
    });
  });

  it('looks a key that nobody has up once in five seconds, however many requests bring it', async () => {
    const key = uniqueName();
    const lookUp = `${system.id}.identity:${hashKey(key).toString('hex')}`;
    const [client, monitor] = await watchRedis();
    const seen: string[] = [];
    monitor.on('monitor', (_time, [command, name]: string[]) => seen.push(`${command?.toLowerCase()} ${name}`));
    const start = performance.now();
    try {
      const answers = await Promise.all(
        Array.from({ length: 100 }, () => raw('/me', { headers: { 'x-app-key': key } })),
      );
      for (const answer of answers) expectError(answer, 401, 'KEY_INVALID');
      const most = 1 + Math.floor((performance.now() - start) / 5_000);
      await client.echo('the end');
      await eventually('all commands are seen', () => seen.includes('echo the end'));
      const lookUps = seen.filter((command) => command === `get ${lookUp}`).length;
      expect(lookUps).toBeGreaterThan(0);
      expect(lookUps).toBeLessThanOrEqual(most);
    } finally {
      monitor.disconnect();
      client.disconnect();
    }
  });

  describe('bodies', () => {
    it.each(['/post', '/activity', '/follow', '/unfollow'])('wants JSON for POST %s', async (path) => {
      expectError(await postRaw('{"a":1', { 'content-type': 'text/plain' }, path), 400, 'JSON_REQUIRED');
      expectError(await raw(path, { method: 'POST', headers: { 'x-app-key': 'abc123' } }), 400, 'JSON_REQUIRED');
      for (const body of ['', '{', 'nonsense', '[]', 'null', '"text"', '7']) {
        expectError(await postRaw(body, JSON_TYPE, path), 400, 'BAD_REQUEST');
      }
    });

    it('takes JSON with a charset', async () => {
      const answer = await postRaw('{"type":"post","content":"a"}', {
        'content-type': 'application/json; charset=utf-8',
      });
      expect(answer.status).toBe(200);
    });

    it('refuses what is too large', async () => {
      expectError(await postRaw('{}'.padEnd(BODY_LIMIT + 1)), 413, 'REQUEST_TOO_LARGE');
    });

    it('refuses what is not UTF-8 and records nothing', async () => {
      const { status, body } = await postRaw(Buffer.from('{"type":"post","content":"a\xffb"}', 'latin1'));
      expect({ status, body }).toMatchObject({
        status: 400,
        body: { code: 'BAD_REQUEST', reason: expect.any(String) },
      });
    });
  });

  describe('posts', () => {
    it.each<[object, ErrorCode]>([
      [{}, 'TYPE_INVALID'],
      [{ content: 'a' }, 'TYPE_INVALID'],
      [{ type: 'video', content: 'a' }, 'TYPE_INVALID'],
      [{ type: null, content: '' }, 'TYPE_INVALID'],
      [{ type: ['post'], content: 'a' }, 'TYPE_INVALID'],
      [{ type: 'post' }, 'CONTENT_MISSING'],
      [{ type: 'post', content: null }, 'CONTENT_MISSING'],
      [{ type: 'post', content: '' }, 'CONTENT_MISSING'],
      [{ type: 'photo', content: 7 }, 'CONTENT_MISSING'],
      [{ type: 'photo', content: 'a'.repeat(10_001) }, 'CONTENT_TOO_LONG'],
      [{ type: 'post', content: 'a\0b' }, 'CONTENT_INVALID'],
      [{ type: 'post', content: 'half a pair: \ud83d' }, 'CONTENT_INVALID'],
    ])('%j', async (body, code) => expectError(await ivan.send('/post', body), 400, code));

    it('take 10,000 characters of any plane, however they are escaped, and give them back', async () => {
      const content = '\u{1D11E}'.repeat(CONTENT_MAX_LENGTH);
      const escaped = `{"type": "post", "content": "${'\\ud834\\udd1e'.repeat(CONTENT_MAX_LENGTH)}"}`;
      const { status, body } = await postRaw(escaped);
      expect(status).toBe(200);
      expect((await ivan.get(`/objects/post:${body.object_id}`)).body).toMatchObject({ content });
      expect((await ivan.myFeed())[0]).toMatchObject({ verb: 'post', object_id: body.object_id });
      expectError(await postRaw(escaped.replace('\\u', '\\ud834\\udd1e\\u')), 400, 'CONTENT_TOO_LONG');
    });
  });

  describe('likes and shares', () => {
    it.each<[object, ErrorCode]>([
      [{}, 'VERB_INVALID'],
      [{ verb: 'post', object: 'post:1' }, 'VERB_INVALID'],
      [{ verb: 7, object: 'nonsense' }, 'VERB_INVALID'],
      [{ verb: 'like' }, 'OBJECT_FORMAT_INVALID'],
      [{ verb: 'like', object: 'post' }, 'OBJECT_FORMAT_INVALID'],
      [{ verb: 'like', object: 'post:1:9' }, 'OBJECT_FORMAT_INVALID'],
      [{ verb: 'share', object: 'photo:xxxx ads' }, 'OBJECT_FORMAT_INVALID'],
      [{ verb: 'share', object: 'photo:-1' }, 'OBJECT_FORMAT_INVALID'],
      [{ verb: 'share', object: { type: 'photo', id: 1 } }, 'OBJECT_FORMAT_INVALID'],
      [{ verb: 'like', object: 'photo:999' }, 'OBJECT_NOT_FOUND'],
      [{ verb: 'share', object: 'photo:0' }, 'OBJECT_NOT_FOUND'],
      [{ verb: 'share', object: 'video:1' }, 'OBJECT_NOT_FOUND'],
      [{ verb: 'like', object: 'post:99999999999999999999999999' }, 'OBJECT_NOT_FOUND'],
      [{ verb: 'like', object: 'post:9007199254740991' }, 'OBJECT_NOT_FOUND'],
    ])('%j', async (body, code) => expectError(await ivan.send('/activity', body), 400, code));
  });

  describe('follows', () => {
    it.each<[string, object, ErrorCode]>([
      ['/follow', {}, 'USER_MISSING'],
      ['/follow', { follow: null }, 'USER_MISSING'],
      ['/follow', { follow: 2 }, 'USER_MISSING'],
      ['/follow', { follow: 7, unfollow: 'nico' }, 'USER_MISSING'],
      ['/follow', { unfollow: 7 }, 'USER_MISSING'],
      ['/unfollow', { follow: 'nico' }, 'USER_MISSING'],
      ['/unfollow', { unfollow: false }, 'USER_MISSING'],
      ['/follow', { follow: 'nobody' }, 'USER_NOT_FOUND'],
      ['/follow', { follow: "x'; DROP TABLE users --" }, 'USER_NOT_FOUND'],
      ['/follow', { follow: 'a\0b' }, 'USER_NOT_FOUND'],
      ['/unfollow', { unfollow: 'nobody' }, 'USER_NOT_FOUND'],
      ['/follow', { unfollow: 'nobody' }, 'USER_NOT_FOUND'],
      ['/follow', { follow: 'ni\u212ao' }, 'USER_NOT_FOUND'],
      ['/follow', { follow: 'ivan' }, 'CANNOT_FOLLOW_SELF'],
      ['/follow', { follow: 'IVAN' }, 'CANNOT_FOLLOW_SELF'],
      ['/unfollow', { unfollow: 'ivan' }, 'CANNOT_UNFOLLOW_SELF'],
      ['/follow', { unfollow: 'ivan' }, 'CANNOT_UNFOLLOW_SELF'],
    ])('POST %s %j', async (path, body, code) => expectError(await ivan.send(path, body), 400, code));
  });

  describe('pages', () => {
    it.each<[string, ErrorCode]>([
      ['limit=0', 'LIMIT_INVALID'],
      ['limit=201', 'LIMIT_INVALID'],
      ['limit=ten', 'LIMIT_INVALID'],
      ['limit=', 'LIMIT_INVALID'],
      ['limit=5&limit=6', 'LIMIT_INVALID'],
      ['limit=0&cursor=x', 'LIMIT_INVALID'],
      ['cursor=', 'CURSOR_INVALID'],
      ['cursor=x', 'CURSOR_INVALID'],
      [`cursor=${'_'.repeat(32)}`, 'CURSOR_INVALID'],
      ['cursor=a&cursor=b', 'CURSOR_INVALID'],
      ['cursor=%FF', 'CURSOR_INVALID'],
      ['cursor=%zz', 'CURSOR_INVALID'],
    ])('?%s', async (query, code) => {
      expectError(await ivan.get(`/feed/my?${query}`), 400, code);
      expectError(await ivan.get(`/feed/friends?${query}`), 400, code);
    });

    it('refuses tokens that are none', async () => {
      const answer = await ivan.get('/feed/my', { 'consistency-token': 'activity.1.1, nonsense' });
      expectError(answer, 400, 'CONSISTENCY_TOKEN_INVALID');
    });
  });

  describe('users', () => {
    const register = (body: unknown, headers: Record<string, string>) =>
      raw('/users', { method: 'POST', body: JSON.stringify(body), headers: { ...JSON_TYPE, ...headers } });
    const admin = { 'x-admin-key': ADMIN_KEY };

    it('are registered with the admin key, which is the only time that their key is shown', async () => {
      const { status, body } = await register({ name: 'olga_1.x-y' }, admin);
      expect(status).toBe(201);
      expect(body).toEqual({
        id: expect.any(Number),
        name: 'olga_1.x-y',
        auth_token: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/),
        created_at: expect.stringMatching(/\.\d{6}\+00:00$/),
      });
      const me = await raw('/me', { headers: { 'x-app-key': body.auth_token } });
      expect(me.body).toMatchObject({ id: body.id, name: 'olga_1.x-y', created_at: body.created_at });
    });

    it('want the admin key', async () => {
      expectError(await register({ name: 'paul' }, {}), 400, 'KEY_MISSING');
      expectError(await register({ name: 'paul' }, { 'x-admin-key': '' }), 401, 'KEY_INVALID');
      expectError(await register({ name: 'paul' }, { 'x-admin-key': 'abc123' }), 401, 'KEY_INVALID');
      expectError(await register({ name: 'paul' }, { 'x-app-key': 'abc123' }), 400, 'KEY_MISSING');
    });

    it.each([
      {},
      { name: null },
      { name: '' },
      { name: 'Ivan' },
      { name: 'a b' },
      { name: 'a'.repeat(51) },
      { name: 'a\n' },
      { name: '.' },
      { name: '..' },
      { name: '...' },
    ])('%j', async (body) => expectError(await register(body, admin), 400, 'NAME_INVALID'));

    it('have names of their own, also when registered at once', async () => {
      expectError(await register({ name: 'ivan' }, admin), 409, 'NAME_TAKEN');
      const answers = await Promise.all(Array.from({ length: 8 }, () => register({ name: 'twins' }, admin)));
      expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array(7).fill(409)]);
    });
  });

  describe('routes', () => {
    it('says which path it does not know', async () => {
      expectError(await raw('/nowhere'), 404, 'NOT_FOUND');
      expectError(await raw('/feed'), 404, 'NOT_FOUND');
      expectError(await raw('/%zz'), 404, 'NOT_FOUND');
    });

    it.each([
      ['DELETE', '/me', 'GET, HEAD'],
      ['POST', '/feed/my', 'GET, HEAD'],
      ['GET', '/post', 'POST'],
      ['PUT', '/follow', 'POST'],
      ['GET', '/users', 'POST'],
      ['OPTIONS', '/activity', 'POST'],
    ])('says which methods a path has: %s %s', async (method, path, allow) => {
      const answer = await raw(path, { method });
      expectError(answer, 405, 'METHOD_NOT_ALLOWED');
      expect(answer.headers.get('allow')).toBe(allow);
    });
  });

  it('is more than 32 requests at once over one connection, so that unread answers do not pile up', async () => {
    const { hostname, port } = new URL(system.address());
    const socket = connect(Number(port), hostname);
    let answers = '';
    socket.on('data', (chunk) => {
      answers += chunk;
    });
    const ask = 'GET /feed/my HTTP/1.1\r\nhost: gateway\r\nx-app-key: abc123\r\n\r\n';
    const statuses = () => Array.from(answers.matchAll(/HTTP\/1\.1 (\d{3})/g), ([, status]) => status);
    socket.write(ask.repeat(100));
    await eventually('all are answered', () => statuses().length === 100);
    expect(statuses()).toEqual([...Array(32).fill('200'), ...Array(68).fill('503')]);
    socket.write(ask);
    await eventually('the next one is too', () => statuses().length === 101);
    expect(statuses().at(-1)).toBe('200');
    socket.destroy();
  });

  it('changes nothing by all that', async () => {
    const { follow_ids } = await ivan.me();
    expect(follow_ids).toEqual([]);
    expect(await ivan.myFeed()).toHaveLength(2);
  });
});

/** A client of Redis and one that sees the commands of all. */
async function watchRedis(): Promise<[Redis, Redis]> {
  const client = new Redis(testServers().redis);
  return [client, await client.monitor()];
}

describe('without an admin key', () => {
  it('there is no route to register users', async () => {
    const system = await System.start({ environment: { gateway: { ADMIN_KEY: '' } } });
    try {
      const headers = { ...JSON_TYPE, 'x-admin-key': '' };
      const answer = await request(system.address(), '/users', { method: 'POST', body: '{"name":"paul"}', headers });
      expect(answer.status).toBe(404);
      expect(answer.body.code).toBe('NOT_FOUND');
    } finally {
      await system.stop();
    }
  });
});

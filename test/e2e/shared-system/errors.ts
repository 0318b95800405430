import { connect } from 'node:net';
import type { ErrorCode } from '@activity-feed/contracts';
import { BODY_LIMIT } from '../../../services/gateway/src/read-body/read-json';
import { type ApiClient, request } from '../../harness/api-client';
import { eventually } from '../../harness/eventually';
import type { System } from '../../harness/system';
import { expectError, JSON_TYPE, postBytes } from '../expect-error';
import { accountOf } from './account-of';

/** Declares the tests. */
export function testErrors(system: () => System): void {
  let ivan: ApiClient;
  let before: Awaited<ReturnType<typeof accountOf>>;

  beforeAll(async () => {
    ivan = await system().as('ivan');
    before = await accountOf(ivan);
  });

  const raw = (path: string, init: RequestInit = {}) => request(system().address(), path, init);
  const postRaw = (body: string | Buffer, headers: Record<string, string> = JSON_TYPE, path = '/post') =>
    postBytes(system().address(), body, headers, path);

  describe('keys', () => {
    it.each([
      '/me',
      '/feed/my',
      '/feed/friends',
      '/objects/photo:1/history',
      '/users',
      '/users/nico',
      '/users/nico/feed',
    ])('are required for GET %s', async (path) => {
      expectError(await raw(path), 400, 'KEY_MISSING');
      expectError(await raw(path, { headers: { 'x-app-key': '' } }), 401, 'KEY_INVALID');
      expectError(await raw(path, { headers: { 'x-app-key': 'nobody' } }), 401, 'KEY_INVALID');
    });

    it.each([
      ['POST', '/post'],
      ['POST', '/activity'],
      ['POST', '/follow'],
      ['POST', '/unfollow'],
      ['POST', '/objects/photo:1/comments'],
      ['PATCH', '/objects/photo:1'],
      ['DELETE', '/objects/photo:1/history/1'],
      ['DELETE', '/objects/photo:1'],
      ['POST', '/objects/photo:1/restore'],
    ])('are checked first for %s %s', async (method, path) => {
      const init = { method, body: 'no json' };
      expectError(await raw(path, init), 400, 'KEY_MISSING');
      expectError(await raw(path, { ...init, headers: { 'x-app-key': 'nobody' } }), 401, 'KEY_INVALID');
    });
  });

  describe('bodies', () => {
    it.each([
      ['POST', '/post'],
      ['POST', '/activity'],
      ['POST', '/follow'],
      ['POST', '/unfollow'],
      ['PATCH', '/objects/photo:1'],
    ])('must be JSON for %s %s', async (method, path) => {
      const key = { 'x-app-key': 'abc123' };
      const send = (body: string, headers: Record<string, string>) =>
        raw(path, { method, body, headers: { ...key, ...headers } });
      expectError(await send('{"a":1', { 'content-type': 'text/plain' }), 400, 'JSON_REQUIRED');
      expectError(await raw(path, { method, headers: key }), 400, 'JSON_REQUIRED');
      for (const body of ['', '{', 'nonsense', '[]', 'null', '"text"', '7']) {
        expectError(await send(body, JSON_TYPE), 400, 'BAD_REQUEST');
      }
    });

    it('may have a charset', async () => {
      const answer = await postRaw('{"type":"post","content":"a"}', {
        'content-type': 'application/json; charset=utf-8',
      });
      expect(answer.status).toBe(200);
    });

    it('must not exceed the size limit', async () => {
      expectError(await postRaw('{}'.padEnd(BODY_LIMIT + 1)), 413, 'REQUEST_TOO_LARGE');
    });

    it('must be UTF-8; otherwise nothing is recorded', async () => {
      const { status, body } = await postRaw(Buffer.from('{"type":"post","content":"a\xffb"}', 'latin1'));
      expect({ status, body }).toMatchObject({
        status: 400,
        body: { code: 'BAD_REQUEST', reason: expect.any(String) },
      });
    });
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

    it('reject invalid consistency tokens', async () => {
      const answer = await ivan.get('/feed/my', { 'consistency-token': 'activity.1.1, nonsense' });
      expectError(answer, 400, 'CONSISTENCY_TOKEN_INVALID');
    });
  });

  describe('routes', () => {
    it('answer 404 for an unknown path', async () => {
      expectError(await raw('/nowhere'), 404, 'NOT_FOUND');
      expectError(await raw('/feed'), 404, 'NOT_FOUND');
      expectError(await raw('/%zz'), 404, 'NOT_FOUND');
    });

    it.each([
      ['DELETE', '/me', 'GET, HEAD, PATCH'],
      ['POST', '/feed/my', 'GET, HEAD'],
      ['GET', '/post', 'POST'],
      ['PUT', '/follow', 'POST'],
      ['PATCH', '/users', 'GET, HEAD, POST'],
      ['POST', '/users/nico', 'GET, HEAD'],
      ['OPTIONS', '/activity', 'POST'],
      ['PUT', '/objects/photo:1', 'DELETE, GET, HEAD, PATCH'],
      ['GET', '/objects/photo:1/restore', 'POST'],
      ['DELETE', '/objects/photo:1/comments', 'GET, HEAD, POST'],
      ['PATCH', '/objects/photo:1/history', 'GET, HEAD'],
      ['GET', '/objects/photo:1/history/1', 'DELETE'],
    ])('says which methods a path has: %s %s', async (method, path, allow) => {
      const answer = await raw(path, { method });
      expectError(answer, 405, 'METHOD_NOT_ALLOWED');
      expect(answer.headers.get('allow')).toBe(allow);
    });
  });

  it('include those beyond 32 on one connection, so that unread answers do not accumulate', async () => {
    const { hostname, port } = new URL(system().address());
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

  it('change nothing', async () => {
    const { follow_ids, activities } = await accountOf(ivan);
    const [accepted, ...others] = activities;
    expect(accepted).toMatchObject({ verb: 'post' });
    expect({ follow_ids, activities: others }).toEqual(before);
  });
}

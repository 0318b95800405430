import { CONTENT_MAX_LENGTH, type ErrorCode } from '@activity-feed/contracts';
import { type ApiClient, request } from '../../harness/api-client';
import { ADMIN_KEY, type System } from '../../harness/system';
import { expectError, JSON_TYPE, postBytes } from '../expect-error';
import { accountOf } from './account-of';

/** Declares the tests. */
export function testRefusedWrites(system: () => System): void {
  let ivan: ApiClient;
  let before: Awaited<ReturnType<typeof accountOf>>;

  beforeAll(async () => {
    ivan = await system().as('ivan');
    before = await accountOf(ivan);
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

    it('may have 10,000 characters of any plane, with any escapes, and are returned unchanged', async () => {
      const content = '\u{1D11E}'.repeat(CONTENT_MAX_LENGTH);
      const escaped = `{"type": "post", "content": "${'\\ud834\\udd1e'.repeat(CONTENT_MAX_LENGTH)}"}`;
      const { status, body } = await postBytes(system().address(), escaped);
      expect(status).toBe(200);
      expect((await ivan.get(`/objects/post:${body.object_id}`)).body).toMatchObject({ content });
      expect((await ivan.myFeed())[0]).toMatchObject({ verb: 'post', object_id: body.object_id });
      expectError(
        await postBytes(system().address(), escaped.replace('\\u', '\\ud834\\udd1e\\u')),
        400,
        'CONTENT_TOO_LONG',
      );
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

  describe('users', () => {
    const register = (body: unknown, headers: Record<string, string>, address = system().address()) =>
      request(address, '/users', { method: 'POST', body: JSON.stringify(body), headers: { ...JSON_TYPE, ...headers } });
    const admin = { 'x-admin-key': ADMIN_KEY };

    it('are registered with the admin key, and only this answer contains their key', async () => {
      const { status, body } = await register({ name: 'olga_1.x-y' }, admin);
      expect(status).toBe(201);
      expect(body).toEqual({
        id: expect.any(Number),
        name: 'olga_1.x-y',
        auth_token: expect.stringMatching(/^afs_[0-9A-Za-z]{49}$/),
        created_at: expect.stringMatching(/\.\d{6}\+00:00$/),
      });
      const me = await request(system().address(), '/me', { headers: { 'x-app-key': body.auth_token } });
      expect(me.body).toMatchObject({ id: body.id, name: 'olga_1.x-y', created_at: body.created_at });
    });

    it('require the admin key', async () => {
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

    it('have unique names, even if registered concurrently', async () => {
      expectError(await register({ name: 'ivan' }, admin), 409, 'NAME_TAKEN');
      const answers = await Promise.all(Array.from({ length: 8 }, () => register({ name: 'twins' }, admin)));
      expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array(7).fill(409)]);
    });

    it('cannot be registered through a gateway without an admin key, which has no such route', async () => {
      const address = await system().openGateway({ ADMIN_KEY: '' });
      expectError(await register({ name: 'paul' }, { 'x-admin-key': '' }, address), 405, 'METHOD_NOT_ALLOWED');
    });
  });

  it('change nothing', async () => {
    const { follow_ids, activities } = await accountOf(ivan);
    const [accepted, ...others] = activities;
    expect(accepted).toMatchObject({ verb: 'post' });
    expect({ follow_ids, activities: others }).toEqual(before);
  });
}

import { type ApiAnswer, type ApiClient, request } from '../../harness/api-client';
import { ADMIN_KEY, type System } from '../../harness/system';
import { expectError } from '../expect-error';

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00$/;

/** Declares the tests. */
export function testDelete(system: () => System): void {
  let author: ApiClient;
  let fan: ApiClient;

  beforeAll(async () => {
    author = await system().as('delete_author');
    fan = await system().as('delete_fan');
  });

  const restore = (object: string, user = author) => user.send(`/objects/${object}/restore`, {});
  const asAdmin = (object: string, method: 'DELETE' | 'POST', key = ADMIN_KEY): Promise<ApiAnswer> => {
    const json = method === 'POST' && { 'content-type': 'application/json' };
    return request(system().address(), `/objects/${object}${method === 'POST' ? '/restore' : ''}`, {
      method,
      headers: { 'x-admin-key': key, ...json },
      ...(method === 'POST' && { body: '{}' }),
    });
  };
  const tokenOf = ({ headers }: ApiAnswer) => headers.get('consistency-token') as string;
  const fieldsOf = (object: string) => ({ object_type: 'photo', object_id: Number(object.slice('photo:'.length)) });

  /** Every read whose path has the object. */
  const pathsOf = (object: string) => ['', '/likes', '/shares', '/history'].map((part) => `/objects/${object}${part}`);

  it('are answered with the time until which the object can be restored, again with the same', async () => {
    const object = await author.photo();
    const deleted = await author.delete(`/objects/${object}`);
    expect([deleted.status, deleted.body]).toEqual([
      200,
      { ...fieldsOf(object), message: 'Object deleted', restorable_until: expect.stringMatching(TIME) },
    ]);
    expect(tokenOf(deleted)).toMatch(/^activity\.\d+\.\d+$/);
    const again = await author.at(system().address(1)).delete(`/objects/${object}`);
    expect(again.body).toEqual({ ...deleted.body, message: 'Already deleted' });
    expect(tokenOf(again)).toBe(tokenOf(deleted));
    const restored = await restore(object);
    expect([restored.status, restored.body]).toEqual([200, { ...fieldsOf(object), message: 'Object restored' }]);
    expect((await restore(object)).body).toEqual({ ...fieldsOf(object), message: 'Not deleted' });
  });

  it('hide the object from everybody but its owner at once, and show it again', async () => {
    const object = await author.photo();
    await fan.like(object);
    const before = await Promise.all(pathsOf(object).map((path) => fan.freshGet(path)));
    const { body } = await author.delete(`/objects/${object}`);
    for (const path of pathsOf(object)) {
      expectError(await fan.get(path), 404, 'OBJECT_NOT_FOUND');
      expect((await author.at(system().address(1)).get(path)).status).toBe(200);
    }
    expect((await fan.get(`/objects?names=${object}`)).body).toEqual({ objects: [] });
    expect((await author.get(`/objects/${object}`)).body).toMatchObject({
      content: 'Sunrise',
      deleted_at: expect.stringMatching(TIME),
      restorable_until: body.restorable_until,
    });
    expectError(await fan.send('/activity', { verb: 'share', object }), 400, 'OBJECT_NOT_FOUND');
    expectError(await fan.send(`/objects/${object}`, { content: 'mine' }, 'PATCH'), 404, 'OBJECT_NOT_FOUND');
    expectError(await fan.delete(`/objects/${object}`), 404, 'OBJECT_NOT_FOUND');
    expectError(await restore(object, fan), 404, 'OBJECT_NOT_FOUND');
    const headers = { 'consistency-token': tokenOf(await restore(object)) };
    const after = await Promise.all(pathsOf(object).map((path) => fan.freshGet(path, headers)));
    expect(after.map((answer) => answer.body)).toEqual(before.map((answer) => answer.body));
  });

  it('let whoever liked it take that back', async () => {
    const object = await author.photo();
    await fan.like(object);
    await author.delete(`/objects/${object}`);
    expect((await fan.unlike(object)).body.message).toBe('Like removed');
    expectError(await fan.send('/activity', { verb: 'unlike', object }), 400, 'OBJECT_NOT_FOUND');
    await restore(object);
    expect((await fan.freshGet(`/objects/${object}`)).body).toMatchObject({ likes: 0, liked: false });
  });

  it('are the owner’s, or those of whoever has the admin key, who alone can restore what they deleted', async () => {
    const object = await author.photo();
    expectError(await fan.delete(`/objects/${object}`), 403, 'NOT_OWNER');
    expectError(await restore(object, fan), 403, 'NOT_OWNER');
    expect((await asAdmin(object, 'DELETE')).body.message).toBe('Object deleted');
    expectError(await fan.get(`/objects/${object}`), 404, 'OBJECT_NOT_FOUND');
    expectError(await restore(object), 403, 'NOT_DELETER');
    expect((await asAdmin(object, 'POST')).body).toEqual({ ...fieldsOf(object), message: 'Object restored' });
    expect((await fan.get(`/objects/${object}`)).status).toBe(200);
    await author.delete(`/objects/${object}`);
    expectError(await asAdmin(object, 'POST'), 403, 'NOT_DELETER');
  });

  it('require a key, and refuse what no object can be', async () => {
    const object = await author.photo();
    expectError(await request(system().address(), `/objects/${object}`, { method: 'DELETE' }), 400, 'KEY_MISSING');
    expectError(await asAdmin(object, 'DELETE', 'no admin key'), 401, 'KEY_INVALID');
    expectError(await author.delete('/objects/photo'), 400, 'OBJECT_FORMAT_INVALID');
    expectError(await author.delete('/objects/photo:999999'), 404, 'OBJECT_NOT_FOUND');
    expectError(await asAdmin('photo:999999', 'DELETE'), 404, 'OBJECT_NOT_FOUND');
    expectError(await author.send(`/objects/${object}/restore`, []), 400, 'BAD_REQUEST');
    expectError(await restore('photo:999999'), 404, 'OBJECT_NOT_FOUND');
  });
}

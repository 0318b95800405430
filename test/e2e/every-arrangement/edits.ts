import type { ErrorCode } from '@activity-feed/contracts';
import { type ApiClient, request } from '../../harness/api-client';
import type { System } from '../../harness/system';
import { readTopic } from '../../harness/topic-reader';
import { expectError } from '../expect-error';

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00$/;
const ROUNDS = 15;

const AUTHOR = 'edits_author';
const FAN = 'edits_fan';

/** Declares the tests. */
export function testEdits(system: () => System): void {
  let author: ApiClient;
  let fan: ApiClient;

  beforeAll(async () => {
    author = await system().as(AUTHOR);
    fan = await system().as(FAN);
    await fan.follow(AUTHOR);
  });

  it('are answered with the new content and their time', async () => {
    const object = await author.photo();
    const content = `"quotes" \\ \u{1F44D} 𝄞 é\n\t${'𝄞'.repeat(9_000)}`;
    const { status, body } = await author.edit(object, content);
    expect({ status, body }).toEqual({
      status: 200,
      body: {
        object_type: 'photo',
        object_id: Number(object.slice('photo:'.length)),
        content,
        edited_at: expect.stringMatching(TIME),
        message: 'Object edited',
      },
    });
    expect((await fan.get(`/objects/${object}`)).body).toMatchObject({ content, edited_at: body.edited_at });
  });

  it('change nothing if the content is the same', async () => {
    const object = await author.photo();
    const never = await author.edit(object, 'Sunrise');
    expect(never.body).toMatchObject({ content: 'Sunrise', edited_at: null, message: 'Not changed' });
    const { headers, body } = await author.edit(object, 'Sunset');
    const again = await author.edit(object, 'Sunset');
    expect(again.body).toEqual({ ...body, message: 'Not changed' });
    expect(again.headers.get('consistency-token')).toBe(headers.get('consistency-token'));
    expect(never.headers.get('consistency-token')).toMatch(/^activity\.\d+\.\d+$/);
  });

  it('are seen immediately, through any gateway, and no read after them stays behind', async () => {
    const object = await author.photo();
    const there = author.at(system().address(1));
    for (let round = 1; round <= ROUNDS; round++) {
      const { body } = await (round % 2 ? author : there).edit(object, `round ${round}`);
      const reader = round % 2 ? there : author;
      const read = await reader.get(`/objects/${object}`);
      expect(read.body).toMatchObject({ content: `round ${round}`, edited_at: body.edited_at });
      await reader.freshGet(`/objects/${object}`);
      await reader.freshPage('/feed/my?limit=1');
    }
  });

  it('leave feeds, counts and likes as they are', async () => {
    const posted = await author.post('photo', 'Sunrise');
    const object = `photo:${posted.body.object_id}`;
    await fan.like(object);
    const [mine, friends] = [await author.myFeed(), await fan.after(posted).friendsFeed()];
    const edited = await author.edit(object, 'Sunset');
    expect(await author.after(edited).myFeed()).toEqual(mine);
    expect(await fan.after(edited).friendsFeed()).toEqual(friends);
    expect((await fan.freshGet(`/objects/${object}`)).body).toMatchObject({ likes: 1, shares: 0, liked: true });
  });

  it('are listed in the history, with the first version', async () => {
    const object = await author.photo('first');
    const { created_at } = (await fan.get(`/objects/${object}`)).body;
    const first = { version: 1, content: 'first', time: created_at };
    expect((await fan.get(`/objects/${object}/history`)).body).toEqual({ versions: [first], next_url: '' });
    const { body } = await author.edit(object, 'second');
    const there = fan.at(system().address(1));
    expect((await there.get(`/objects/${object}/history`)).body).toEqual({
      versions: [first, { version: 2, content: 'second', time: body.edited_at }],
      next_url: '',
    });
  });

  it('are listed immediately, in pages without gaps or duplicates', async () => {
    const object = await author.photo('1');
    const there = author.at(system().address(1));
    for (let version = 2; version <= ROUNDS; version++) {
      await (version % 2 ? author : there).edit(object, `${version}`);
      const seen: string[] = [];
      for (let url = `/objects/${object}/history?limit=4`; url !== ''; ) {
        const { body } = await (version % 2 ? there : author).get(url);
        seen.push(...body.versions.map(({ content }: { content: string }) => content));
        expect(body.next_url === '' || body.next_url.startsWith(`/objects/${object}/history?limit=4&cursor=`)).toBe(
          true,
        );
        url = body.next_url;
      }
      expect(seen).toEqual(Array.from({ length: version }, (_, index) => `${index + 1}`));
    }
  });

  it('are removed from the history for everyone, immediately, and the others keep their numbers', async () => {
    const object = await author.photo('1');
    for (const content of ['2', '3', '4']) await author.edit(object, content);
    const there = author.at(system().address(1));
    const versions = async (reader: ApiClient) =>
      (await reader.get(`/objects/${object}/history`)).body.versions.map(({ version }: { version: number }) => version);
    const removed = await author.delete(`/objects/${object}/history/2`);
    expect([removed.status, removed.body]).toEqual([200, { message: 'Version removed' }]);
    expect(await versions(there)).toEqual([1, 3, 4]);
    expect(await versions(fan)).toEqual([1, 3, 4]);
    await there.freshGet(`/objects/${object}`);

    const again = await there.delete(`/objects/${object}/history/2`);
    expect(again.body).toEqual({ message: 'Already removed' });
    expect(again.headers.get('consistency-token')).toBe(removed.headers.get('consistency-token'));
    await there.delete(`/objects/${object}/history/1`);
    await author.edit(object, '5');
    expect(await versions(fan)).toEqual([3, 4, 5]);
  });

  it('cannot be removed while they are current, or by others', async () => {
    const object = await author.photo();
    await author.edit(object, 'Sunset');
    const remove = (version: string, user = author) => user.delete(`/objects/${object}/history/${version}`);
    expectError(await remove('2'), 409, 'VERSION_CURRENT');
    expectError(await remove('1', fan), 403, 'NOT_OWNER');
    expectError(await remove('3'), 404, 'VERSION_NOT_FOUND');
    expectError(await remove('0'), 404, 'VERSION_NOT_FOUND');
    expectError(await remove('9'.repeat(400)), 404, 'VERSION_NOT_FOUND');
    expectError(await remove('first'), 400, 'VERSION_INVALID');
    expectError(await author.delete('/objects/photo:999/history/1'), 404, 'OBJECT_NOT_FOUND');
    expectError(await author.delete('/objects/photo/history/1'), 400, 'OBJECT_FORMAT_INVALID');
    expect((await fan.get(`/objects/${object}/history`)).body.versions).toHaveLength(2);
  });

  it.each<[string, RequestInit]>([
    ['with the content type of a body', { headers: { 'content-type': 'application/json' } }],
    ['with an empty object', { headers: { 'content-type': 'application/json' }, body: '{}' }],
    ['with half an object', { headers: { 'content-type': 'application/json' }, body: '{' }],
    ['with a text', { headers: { 'content-type': 'text/plain' }, body: 'please' }],
    ['with a body of no type', { body: Buffer.from('please') }],
  ])('are removed also by a request %s', async (_case, init) => {
    const object = await author.photo();
    await author.edit(object, 'Sunset');
    const answer = await request(system().address(), `/objects/${object}/history/1`, {
      ...init,
      method: 'DELETE',
      headers: { 'x-app-key': author.key, ...init.headers },
    });
    expect([answer.status, answer.body]).toEqual([200, { message: 'Version removed' }]);
  });

  it('are published with the generation of the log, like every event', async () => {
    const object = await author.photo();
    const { body } = await author.edit(object, 'published');
    await author.myFeed();
    const messages = await readTopic(`${system().id}.activity.events.v1`);
    expect(new Set(messages.map(({ headers }) => headers.ce_generation))).toEqual(new Set(['1']));
    const edits = messages.filter(({ headers }) => headers.ce_time === body.edited_at);
    expect(edits.map(({ headers, value }) => [headers.ce_type, JSON.parse(value)])).toEqual([
      [
        'activity.object-edited.v1',
        {
          actor: { id: (await author.me()).id, name: AUTHOR },
          object: { type: 'photo', id: body.object_id, content: 'published' },
          revision: 2,
        },
      ],
    ]);
  });

  it('are the owner’s alone', async () => {
    const object = await author.photo();
    expectError(await fan.send(`/objects/${object}`, { content: 'mine' }, 'PATCH'), 403, 'NOT_OWNER');
    expectError(await fan.send(`/objects/${object}`, { content: 'Sunrise' }, 'PATCH'), 403, 'NOT_OWNER');
    expect((await author.get(`/objects/${object}`)).body).toMatchObject({ content: 'Sunrise', edited_at: null });
  });

  it.each<[string, number, ErrorCode]>([
    ['photo/history', 400, 'OBJECT_FORMAT_INVALID'],
    ['photo:999/history', 404, 'OBJECT_NOT_FOUND'],
    ['photo:0/history', 404, 'OBJECT_NOT_FOUND'],
    ['photo:999/history?cursor=AAAAAAAB', 404, 'OBJECT_NOT_FOUND'],
    ['photo:1/history?limit=0', 400, 'LIMIT_INVALID'],
    ['photo:1/history?limit=201', 400, 'LIMIT_INVALID'],
    ['photo:1/history?cursor=', 400, 'CURSOR_INVALID'],
    ['photo:1/history?cursor=________', 400, 'CURSOR_INVALID'],
  ])('have no history at /objects/%s', async (path, status, code) => {
    await author.photo();
    expectError(await fan.get(`/objects/${path}`), status, code);
  });

  it.each<[string, unknown, number, ErrorCode]>([
    ['photo:1', [], 400, 'BAD_REQUEST'],
    ['photo', 7, 400, 'BAD_REQUEST'],
    ['photo:1', {}, 400, 'CONTENT_MISSING'],
    ['photo:1', { content: '' }, 400, 'CONTENT_MISSING'],
    ['photo:1', { content: 7 }, 400, 'CONTENT_MISSING'],
    ['photo:999', { content: '' }, 400, 'CONTENT_MISSING'],
    ['photo:1', { content: '𝄞'.repeat(10_001) }, 400, 'CONTENT_TOO_LONG'],
    ['photo:1', { content: 'a\0b' }, 400, 'CONTENT_INVALID'],
    ['photo', { content: 'a' }, 400, 'OBJECT_FORMAT_INVALID'],
    ['photo:1'.padEnd(101, '0'), { content: 'a' }, 400, 'OBJECT_NAME_TOO_LONG'],
    ['photo:999', { content: 'a' }, 404, 'OBJECT_NOT_FOUND'],
    ['photo:0', { content: 'a' }, 404, 'OBJECT_NOT_FOUND'],
    ['video:1', { content: 'a' }, 404, 'OBJECT_NOT_FOUND'],
  ])('refuse %s with %j', async (object, body, status, code) => {
    expectError(await author.send(`/objects/${object}`, body, 'PATCH'), status, code);
  });
}

import { type ApiAnswer, type ApiClient, request } from '../../harness/api-client';
import type { System } from '../../harness/system';
import { expectError } from '../expect-error';
import { INVALID_OBJECTS } from '../invalid-objects';

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00$/;
const ROUNDS = 15;

const AUTHOR = 'objects_author';
const FAN = 'objects_fan';

/** Declares the tests. */
export function testObjects(system: () => System): void {
  let author: ApiClient;
  let fan: ApiClient;

  beforeAll(async () => {
    author = await system().as(AUTHOR);
    fan = await system().as(FAN);
  });

  it('have their content, owner, time, and numbers of likes and shares', async () => {
    const content = `"quotes" \\ \u{1F44D} 𝄞 é\n\t${'𝄞'.repeat(9_000)}`;
    const object = await author.photo(content);
    const { status, headers, body } = await author.freshGet(`/objects/${object}`);
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(body).toEqual({
      object_type: 'photo',
      object_id: Number(object.slice('photo:'.length)),
      owner_name: AUTHOR,
      content,
      mentions: [],
      created_at: expect.stringMatching(TIME),
      edited_at: null,
      likes: 0,
      shares: 0,
      comments: 0,
      liked: false,
      shared: false,
    });
    expect((await author.myFeed())[0]?.time).toBe(body.created_at);
  });

  it('show a user’s own likes and shares immediately, through any gateway', async () => {
    const object = await author.photo();
    const there = fan.at(system().address(1));
    const before = { likes: 0, shares: 0, liked: false, shared: false };
    expect((await there.get(`/objects/${object}`)).body).toMatchObject(before);
    await fan.like(object);
    expect((await there.freshGet(`/objects/${object}`)).body).toMatchObject({ ...before, likes: 1, liked: true });
    await fan.like(object);
    for (let shares = 1; shares <= ROUNDS; shares++) {
      await (shares % 2 ? there : fan).share(object);
      const { body } = await (shares % 2 ? fan : there).freshGet(`/objects/${object}`);
      expect(body).toMatchObject({ likes: 1, shares, liked: true, shared: true });
    }
  });

  it('show others’ likes to a reader with their consistency tokens', async () => {
    const object = await author.photo();
    const there = author.at(system().address(1));
    const written: ApiAnswer[] = [];
    for (let likes = 1; likes <= ROUNDS; likes++) {
      written.push(await (await system().as(`liker-${likes}`)).like(object));
      const { body } = await there.after(...written).freshGet(`/objects/${object}`);
      expect(body).toMatchObject({ likes, liked: false, shared: false });
    }
  });

  it('answer after 2 s with the current counts, marked as behind', async () => {
    const object = await author.photo();
    const release = await system().holdRelay();
    try {
      await author.like(object);
      const start = performance.now();
      const answer = await author.servedGet(`/objects/${object}`);
      expect(answer.body).toMatchObject({ content: 'Sunrise', likes: 0 });
      expect(answer.headers.get('feed-freshness')).toBe('behind');
      expect(performance.now() - start).toBeGreaterThan(1_900);
    } finally {
      await release();
    }
  });

  it('require a key', async () => {
    const path = '/objects/photo:1';
    expectError(await request(system().address(), path), 400, 'KEY_MISSING');
    expectError(await request(system().address(), path, { headers: { 'x-app-key': 'nobody' } }), 401, 'KEY_INVALID');
  });

  it.each(INVALID_OBJECTS)('refuse %s', async (object, status, code) => {
    expectError(await fan.get(`/objects/${object}`), status, code);
  });

  it('reject invalid consistency tokens', async () => {
    const headers = { 'consistency-token': 'activity.1.1, nonsense' };
    expectError(await fan.get('/objects/photo:1', headers), 400, 'CONSISTENCY_TOKEN_INVALID');
  });

  it('can have percent-encoded names in the URL', async () => {
    const object = await author.photo();
    const path = `/objects/${encodeURIComponent(object)}`;
    expect((await fan.get(path)).body).toMatchObject({ owner_name: AUTHOR });
    expect((await request(system().address(), path, { method: 'POST' })).headers.get('allow')).toBe(
      'DELETE, GET, HEAD, PATCH',
    );
  });
}

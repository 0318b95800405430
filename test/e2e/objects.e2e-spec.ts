import { ERRORS, type ErrorCode } from '@activity-feed/contracts';
import { type ApiAnswer, type ApiClient, request } from '../harness/api-client';
import { eventually } from '../harness/eventually';
import { System } from '../harness/system';
import { ARRANGEMENTS } from './feed-arrangements';

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00$/;
const ROUNDS = 15;

describe.each(ARRANGEMENTS)('objects, with a feed of %s', (_, feeds) => {
  let system: System;
  let author: ApiClient;
  let fan: ApiClient;

  beforeAll(async () => {
    system = await System.start({ feeds, gateways: 2 });
    author = await system.as('author');
    fan = await system.as('fan');
  });
  afterAll(() => system?.stop());

  /** Posts a photo and returns its name. */
  async function photo(content = 'Sunrise'): Promise<string> {
    return `photo:${(await author.post('photo', content)).body.object_id}`;
  }

  async function likesOf(object: string, reader = fan): Promise<{ user_name: string; time: string }[]> {
    return (await reader.get(`/objects/${object}/likes`)).body.likes;
  }

  const expectError = ({ status, body, headers }: ApiAnswer, expected: number, code: ErrorCode) => {
    expect({ status, body }).toEqual({ status: expected, body: { error: true, code, message: ERRORS[code].text } });
    expect(headers.get('x-request-id')).toBeTruthy();
  };

  it('have their content, owner, time, and numbers of likes and shares', async () => {
    const content = `"quotes" \\ \u{1F44D} 𝄞 é\n\t${'𝄞'.repeat(9_000)}`;
    const object = await photo(content);
    const { status, headers, body } = await author.get(`/objects/${object}`);
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(headers.get('feed-freshness')).toBeNull();
    expect(body).toEqual({
      object_type: 'photo',
      object_id: Number(object.slice('photo:'.length)),
      owner_name: 'author',
      content,
      created_at: expect.stringMatching(TIME),
      edited_at: null,
      likes: 0,
      shares: 0,
      liked: false,
    });
    expect((await author.myFeed())[0]?.time).toBe(body.created_at);
  });

  it('show a user’s own likes and shares immediately, through any gateway', async () => {
    const object = await photo();
    const there = fan.at(system.address(1));
    expect((await there.get(`/objects/${object}`)).body).toMatchObject({ likes: 0, shares: 0, liked: false });
    await fan.like(object);
    expect((await there.get(`/objects/${object}`)).body).toMatchObject({ likes: 1, shares: 0, liked: true });
    await fan.like(object);
    for (let shares = 1; shares <= ROUNDS; shares++) {
      await (shares % 2 ? there : fan).share(object);
      const { headers, body } = await (shares % 2 ? fan : there).get(`/objects/${object}`);
      expect(headers.get('feed-freshness')).toBeNull();
      expect(body).toMatchObject({ likes: 1, shares, liked: true });
    }
  });

  it('show others’ likes to a reader with their consistency token', async () => {
    const object = await photo();
    const there = author.at(system.address(1));
    for (let likes = 1; likes <= ROUNDS; likes++) {
      const { headers } = await (await system.as(`liker-${likes}`)).like(object);
      const token = headers.get('consistency-token') as string;
      const { body } = await there.get(`/objects/${object}`, { 'consistency-token': token });
      expect(body).toMatchObject({ likes, liked: false });
    }
  });

  it('list who liked them, newest first, with the same times as in feeds', async () => {
    const [object, other] = [await photo(), await photo()];
    const users = await Promise.all(['gero', 'hugo', 'ines'].map((name) => system.as(name)));
    for (const user of users) await user.like(object);
    await fan.like(other);
    await fan.share(object);
    const likes = await likesOf(object);
    const times = await Promise.all(users.map(async (user) => (await user.myFeed())[0]?.time));
    expect(likes).toEqual([
      { user_name: 'ines', time: times[2] },
      { user_name: 'hugo', time: times[1] },
      { user_name: 'gero', time: times[0] },
    ]);
    expect(await likesOf(other)).toEqual([{ user_name: 'fan', time: expect.stringMatching(TIME) }]);
    expect(await likesOf(await photo())).toEqual([]);
  });

  it('list likes immediately, for all users', async () => {
    const object = await photo();
    for (let round = 1; round <= ROUNDS; round++) {
      await (await system.as(`liker-${round}`)).like(object);
      const likes = await likesOf(object, author.at(system.address(round % 2)));
      expect(likes).toHaveLength(round);
      expect(likes[0]?.user_name).toBe(`liker-${round}`);
    }
  });

  it('list likes in pages without gaps or duplicates, despite likes in between', async () => {
    const object = await photo();
    for (let id = 1; id <= 9; id++) await (await system.as(`before-${id}`)).like(object);
    const seen: string[] = [];
    for (let url = `/objects/${object}/likes?limit=2`, round = 1; url !== ''; round++) {
      const { body } = await fan.get(url);
      seen.push(...body.likes.map(({ user_name }: { user_name: string }) => user_name));
      expect(body.next_url === '' || body.next_url.startsWith(`/objects/${object}/likes?limit=2&cursor=`)).toBe(true);
      url = body.next_url;
      await (await system.as(`between-${round}`)).like(object);
    }
    expect(seen).toEqual(Array.from({ length: 9 }, (_, index) => `before-${9 - index}`));
    expect((await fan.get(`/objects/${object}/likes?limit=14`)).body).toMatchObject({ next_url: '' });
    expect((await fan.get(`/objects/${object}/likes?limit=13`)).body.next_url).not.toBe('');
  });

  it('answer after 2 s with the current counts, marked as behind', async () => {
    const object = await photo();
    const release = await system.holdRelay();
    try {
      await author.like(object);
      const start = performance.now();
      const answer = await author.get(`/objects/${object}`);
      expect(answer.body).toMatchObject({ content: 'Sunrise', likes: 0 });
      expect(answer.headers.get('feed-freshness')).toBe('behind');
      expect(performance.now() - start).toBeGreaterThan(1_900);
    } finally {
      await release();
    }
  });

  it.each(['', '/likes'])('require a key: /objects/photo:1%s', async (rest) => {
    const path = `/objects/photo:1${rest}`;
    expectError(await request(system.address(), path), 400, 'KEY_MISSING');
    expectError(await request(system.address(), path, { headers: { 'x-app-key': 'nobody' } }), 401, 'KEY_INVALID');
  });

  it.each<[string, number, ErrorCode]>([
    ['post', 400, 'OBJECT_FORMAT_INVALID'],
    ['post:1:9', 400, 'OBJECT_FORMAT_INVALID'],
    ['photo:-1', 400, 'OBJECT_FORMAT_INVALID'],
    ['photo:xxxx%20ads', 400, 'OBJECT_FORMAT_INVALID'],
    ['photo:999', 404, 'OBJECT_NOT_FOUND'],
    ['photo:0', 404, 'OBJECT_NOT_FOUND'],
    ['video:1', 404, 'OBJECT_NOT_FOUND'],
    ['post:9007199254740991', 404, 'OBJECT_NOT_FOUND'],
    ['post:99999999999999999999999999', 404, 'OBJECT_NOT_FOUND'],
  ])('refuse %s', async (object, status, code) => {
    expectError(await fan.get(`/objects/${object}`), status, code);
    expectError(await fan.get(`/objects/${object}/likes`), status, code);
  });

  it.each<[string, ErrorCode]>([
    ['limit=0', 'LIMIT_INVALID'],
    ['limit=201', 'LIMIT_INVALID'],
    ['limit=0&cursor=x', 'LIMIT_INVALID'],
    ['cursor=', 'CURSOR_INVALID'],
    [`cursor=${'_'.repeat(16)}`, 'CURSOR_INVALID'],
    ['cursor=a&cursor=b', 'CURSOR_INVALID'],
  ])('refuse ?%s', async (query, code) => {
    expectError(await fan.get(`/objects/${await photo()}/likes?${query}`), 400, code);
  });

  it.each(['', '/likes'])('reject invalid consistency tokens: /objects/photo:1%s', async (rest) => {
    const headers = { 'consistency-token': 'activity.1.1, nonsense' };
    expectError(await fan.get(`/objects/photo:1${rest}`, headers), 400, 'CONSISTENCY_TOKEN_INVALID');
  });

  it('can have percent-encoded names in the URL', async () => {
    const object = await photo();
    const path = `/objects/${encodeURIComponent(object)}`;
    expect((await fan.get(path)).body).toMatchObject({ owner_name: 'author' });
    expect((await request(system.address(), path, { method: 'POST' })).headers.get('allow')).toBe('GET, HEAD, PATCH');
  });
});

describe('objects, if a service is down', () => {
  let system: System;
  beforeAll(async () => {
    system = await System.start();
  });
  afterAll(() => system?.stop());

  it('answer 503 without the feed, which has the counts, but still list their likes', async () => {
    const ivan = await system.as('ivan');
    const { body } = await ivan.post('post', 'a');
    await ivan.like(`post:${body.object_id}`);
    await system.services.feed.end('SIGKILL');
    const answer = await ivan.get(`/objects/post:${body.object_id}`);
    expect([answer.status, answer.body.code]).toEqual([503, 'SERVICE_UNAVAILABLE']);
    const likes = await ivan.get(`/objects/post:${body.object_id}/likes`);
    expect(likes.body.likes).toMatchObject([{ user_name: 'ivan' }]);
    await system.services.feed.start();
    // Until its consumers have rejoined their groups, the feed answers from its database.
    const again = await eventually('the like is counted', async () => {
      const object = await ivan.get(`/objects/post:${body.object_id}`);
      return object.body.likes === 1 && object.body;
    });
    expect(again).toMatchObject({ liked: true });
  });
});

import type { ErrorCode } from '@activity-feed/contracts';
import type { ApiAnswer, ApiClient } from '../../harness/api-client';
import type { System } from '../../harness/system';
import { expectError } from '../expect-error';

const ROUNDS = 10;

const AUTHOR = 'expand_author';
const FAN = 'expand_fan';
const PAGES = [
  '/feed/my?limit=200',
  '/feed/friends?limit=200',
  '/feed/my?group=day&limit=200',
  '/feed/friends?group=day&limit=200',
  '/trending?limit=100',
];

interface Naming {
  object_type: string | null;
  object_id?: number | null;
  object_ids?: number[];
}

const entriesOf = ({ my_feed, friends_feed, trending }: ApiAnswer['body']): Naming[] =>
  my_feed ?? friends_feed ?? trending;

/** The names of the objects on a page, sorted. */
const namesOn = (page: ApiAnswer['body']): string[] => {
  const names = entriesOf(page).flatMap(({ object_type, object_id, object_ids = [object_id as number] }) =>
    object_type === null ? [] : object_ids.map((id) => `${object_type}:${id}`),
  );
  return [...new Set(names)].sort();
};

/** Declares the tests. */
export function testExpandedObjects(system: () => System): void {
  let author: ApiClient;
  let fan: ApiClient;
  let photo: string;
  /** For reads that require all of these writes. */
  let required: Record<string, string> = {};

  beforeAll(async () => {
    author = await system().as(AUTHOR);
    fan = await system().as(FAN);
    require(await fan.follow(AUTHOR));
    require(await author.follow(FAN));
    photo = await author.photo('"a"} \u{1F44D} 𝄞 é\n');
    for (let index = 0; index < 4; index++) {
      const post = `post:${(await author.post('post', `${index}`)).body.object_id}`;
      await fan.like(post);
      await (index % 2 ? author : fan).share(post);
    }
    await fan.like(photo);
    require(await fan.post('photo', 'of the fan'));
    require(await author.edit(photo, '"b"} \u{1F44D} 𝄞 é\n'));
  });

  function require({ headers }: ApiAnswer): void {
    const tokens = [required['consistency-token'], headers.get('consistency-token')];
    required = { 'consistency-token': tokens.filter(Boolean).join() };
  }

  const expand = (path: string) => `${path}${path.includes('?') ? '&' : '?'}expand=objects`;

  it.each(PAGES)('%s has every object that it names, as a request for it alone returns it', async (path) => {
    for (const reader of [author, fan]) {
      const plain = await reader.freshGet(path, required);
      const { status, headers, body } = await reader.freshGet(expand(path), required);
      const { objects, ...page } = body;
      expect({ status, type: headers.get('content-type') }).toEqual({
        status: 200,
        type: plain.headers.get('content-type'),
      });
      expect({ ...page, newer_url: plain.body.newer_url }).toEqual(plain.body);
      expect(plain.body.objects).toBeUndefined();
      const names = namesOn(page);
      expect(names.length).toBeGreaterThan(0);
      const alone = await Promise.all(
        names.map(async (name) => [name, (await reader.freshGet(`/objects/${name}`, required)).body] as const),
      );
      expect(objects).toEqual(Object.fromEntries(alone));
    }
  });

  it.each(['/feed/friends?limit=3', '/feed/my?group=day&limit=1'])(
    'are paged on with their objects: %s',
    async (first) => {
      const pages = [];
      for (let path = expand(first); path !== ''; ) {
        const { status, body } = await author.freshGet(path, required);
        expect(status).toBe(200);
        expect(Object.keys(body.objects).sort()).toEqual(namesOn(body));
        pages.push(...entriesOf(body));
        path = body.next_url;
      }
      const all = await author.freshGet(first.replace(/limit=\d/, 'limit=200'), required);
      expect(pages).toEqual(entriesOf(all.body));
    },
  );

  it('have an empty field without objects', async () => {
    const reader = await system().as('expand_reader');
    expect((await reader.get('/feed/my?expand=objects')).body).toMatchObject({
      my_feed: [],
      next_url: '',
      objects: {},
    });
    await reader.follow(FAN);
    const { body } = await reader.freshGet('/feed/my?expand=objects', required);
    expect([body.my_feed.length, body.objects]).toEqual([1, {}]);
  });

  it('differ by reader in what they like and have shared', async () => {
    const of = async (reader: ApiClient) =>
      (await reader.freshGet('/trending?expand=objects&limit=100', required)).body.objects[photo];
    expect([await of(author), await of(fan)]).toMatchObject([{ liked: false }, { liked: true }]);
  });

  it('show a user’s own writes immediately, through any gateway', async () => {
    const there = author.at(system().address(1));
    for (let round = 1; round <= ROUNDS; round++) {
      const [here, elsewhere] = round % 2 ? [author, there] : [there, author];
      await here.edit(photo, `round ${round}`);
      await here.share(photo);
      for (const path of ['/feed/my', '/feed/my?group=day']) {
        const { body } = await elsewhere.freshGet(expand(path));
        expect(body.objects[photo]).toMatchObject({ content: `round ${round}`, shares: round, shared: true });
      }
    }
  });

  it('are marked as behind if the counts lack a write of the reader', async () => {
    const release = await system().holdRelay();
    try {
      require(await author.like(photo));
      const { headers, body } = await author.servedGet('/feed/my?expand=objects');
      expect(headers.get('feed-freshness')).toBe('behind');
      expect(body.objects[photo]).toMatchObject({ likes: 1, liked: true });
    } finally {
      await release();
    }
  });

  it.each<[string, ErrorCode]>([
    ['/feed/my?expand=', 'EXPAND_INVALID'],
    ['/feed/my?expand=likes', 'EXPAND_INVALID'],
    ['/feed/friends?group=day&expand=objects&expand=objects', 'EXPAND_INVALID'],
    ['/trending?expand=object', 'EXPAND_INVALID'],
    ['/feed/my?expand=objects&cursor=nonsense', 'CURSOR_INVALID'],
  ])('refuse %s', async (path, code) => {
    expectError(await fan.get(path), 400, code);
  });

  it.each(['/feed/my/summary?', '/objects?names=PHOTO&', '/objects/PHOTO?', '/objects/PHOTO/likes?'])(
    'do not concern %s',
    async (template) => {
      const path = template.replace('PHOTO', photo);
      const plain = await fan.freshGet(path, required);
      const { status, body } = await fan.freshGet(`${path}expand=anything`, required);
      expect({ status, body }).toEqual({ status: 200, body: plain.body });
    },
  );
}

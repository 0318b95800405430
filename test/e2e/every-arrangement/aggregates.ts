import { isDeepStrictEqual } from 'node:util';
import {
  type ActivityGroup,
  ERRORS,
  type ErrorCode,
  type FeedEntry,
  type HourlyActivity,
  type TrendingObject,
  VERBS,
  type VerbCounts,
} from '@activity-feed/contracts';
import { type ApiAnswer, type ApiClient, request } from '../../harness/api-client';
import { eventually } from '../../harness/eventually';
import { ADMIN_KEY, type System } from '../../harness/system';

const ROUNDS = 15;

const AUTHOR = 'aggregates_author';
const FAN = 'aggregates_fan';

const NOTHING = Object.fromEntries(VERBS.map((verb) => [verb, 0])) as VerbCounts;

const dayOf = (time: string) => time.slice(0, '2019-02-10'.length);

/** Groups `entries`, which are newest first. */
function grouped(entries: readonly FeedEntry[]): ActivityGroup[] {
  const keyOf = ({ time, actor_name, verb, object_type }: FeedEntry) =>
    [dayOf(time), actor_name, verb, object_type].join(' ');
  const groups = [...Map.groupBy(entries, keyOf).values()].map((members) => {
    const first = members.at(-1) as FeedEntry;
    const { actor_name, verb, object_type, time } = first;
    const object_ids = members.flatMap(({ object_id }) => object_id ?? []).slice(0, 3);
    return { actor_name, verb, object_type, count: members.length, object_ids, day: dayOf(time), time };
  });
  return groups.sort((a, b) => (a.time < b.time ? 1 : -1));
}

function countsOf(entries: readonly FeedEntry[]): VerbCounts {
  const counts = { ...NOTHING };
  for (const { verb } of entries) counts[verb]++;
  return counts;
}

/** One group, or two if midnight has passed. */
const sharesIn = (groups: readonly ActivityGroup[]) =>
  groups.filter(({ verb }) => verb === 'share').reduce((sum, { count }) => sum + count, 0);

/** Declares the tests, which need a system without other activities. */
export function testAggregates(system: () => System): void {
  let author: ApiClient;
  let fan: ApiClient;
  let photos: string[];

  beforeAll(async () => {
    author = await system().as(AUTHOR);
    fan = await system().as(FAN);
    photos = [];
    const posts: ApiAnswer[] = [];
    for (let count = 0; count < 5; count++) {
      photos.push(await author.photo(`${count}`));
      posts.push(await author.post('post', `${count}`));
    }
    const [byFan, byAuthor] = [await fan.follow(AUTHOR), await author.follow(FAN)];
    for (const photo of photos.slice(0, 3)) await fan.like(photo);
    author = author.after(byFan, await fan.share(photos[0] as string));
    fan = fan.after(byAuthor, posts.at(-1) as ApiAnswer);
  });

  async function groupsOf(reader: ApiClient, feed: 'my' | 'friends', limit: number): Promise<ActivityGroup[]> {
    const groups: ActivityGroup[] = [];
    for (let url = `/feed/${feed}?group=day&limit=${limit}`; url !== ''; ) {
      const { entries, nextUrl } = await reader.freshPage(url);
      groups.push(...(entries as unknown as ActivityGroup[]));
      expect(nextUrl === '' || nextUrl.startsWith(`/feed/${feed}?group=day&limit=${limit}&cursor=`)).toBe(true);
      url = nextUrl;
    }
    return groups;
  }

  it.each(['my', 'friends'] as const)('include groups by day of the %s feed, in pages', async (feed) => {
    const expected = grouped(await author.wholeFeed(feed, 50));
    expect(expected.length).toBeGreaterThan(1);
    for (const limit of [1, 2, 50]) expect(await groupsOf(author, feed, limit)).toEqual(expected);
  });

  it.each(['my', 'friends'] as const)('include a summary of the %s feed by verb and day', async (feed) => {
    const entries = await fan.wholeFeed(feed, 50);
    const { body } = await fan.freshGet(`/feed/${feed}/summary?days=7`);
    const { totals, days } = body[`${feed}_summary`];
    expect(totals).toEqual(countsOf(entries));
    expect(days).toHaveLength(7);
    for (const { day, ...counts } of days) {
      expect(counts).toEqual(countsOf(entries.filter(({ time }) => dayOf(time) === day)));
    }
    expect((await fan.get(`/feed/${feed}/summary`)).body[`${feed}_summary`].days).toHaveLength(30);
  });

  it('include trending objects among all users and among followees', async () => {
    const { body } = await author.freshGet('/trending?window=1h&limit=2');
    const shown = body.trending.map(({ score: _, ...object }: { score: number }) => object);
    const like = { object_type: 'photo', owner_name: AUTHOR, likes: 1, comments: 0 };
    const ids = photos.map((photo) => Number(photo.slice('photo:'.length)));
    expect(shown).toEqual([
      { ...like, object_id: ids[0], shares: 1 },
      { ...like, object_id: ids[2], shares: 0 },
    ]);
    expect((await author.freshGet('/trending?window=1h&limit=2&among=friends')).body).toEqual(body);
    expect((await fan.freshGet('/trending?among=friends')).body).toEqual({ trending: [] });
    expect((await fan.freshGet('/trending?type=post&window=7d')).body).toEqual({ trending: [] });
    expect((await fan.freshGet('/trending?type=photo')).body.trending).toHaveLength(3);
  });

  it('include a user’s own writes immediately, through any gateway', async () => {
    const me = await system().as('busy');
    const there = me.at(system().address(1));
    const object = `photo:${(await me.post('photo', 'Sunrise')).body.object_id}`;
    let fresh = 0;
    for (let round = 1; round <= ROUNDS; round++) {
      await me.share(object);
      const [groups, summary, trending] = await Promise.all([
        there.get('/feed/my?group=day'),
        there.get('/feed/my/summary?days=2'),
        there.get('/trending?window=24h'),
      ]);
      // On a busy machine a write may take longer than a read waits; the answer then has to say so.
      if ([groups, summary, trending].some(({ headers }) => headers.get('feed-freshness') === 'behind')) continue;
      fresh++;
      expect(sharesIn(groups.body.my_feed)).toBe(round);
      expect(summary.body.my_summary.totals).toMatchObject({ post: 1, share: round });
      const mine = trending.body.trending.find(({ owner_name }: TrendingObject) => owner_name === 'busy');
      expect(mine).toMatchObject({ likes: 0, shares: round });
    }
    expect(fresh).toBeGreaterThan(0);
  });

  const stats = (query: string, headers: Record<string, string> = { 'x-admin-key': ADMIN_KEY }) =>
    request(system().address(), `/stats${query}`, { headers });

  const sum = (hours: readonly HourlyActivity[], wanted: string) =>
    hours.filter(({ verb }) => verb === wanted).reduce((total, { activities }) => total + activities, 0);

  it('include the activities of all users by hour and verb, for operators', async () => {
    const hours = await eventually('the database has all activities', async () => {
      const { body } = await stats('?hours=2');
      return sum(body.stats, 'like') === 3 && sum(body.stats, 'follow') === 2 && (body.stats as HourlyActivity[]);
    });
    expect(sum(hours, 'post')).toBeGreaterThanOrEqual(10);
    expect(hours.find(({ verb }) => verb === 'follow')).toMatchObject({
      hour: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:00:00\.000000\+00:00$/),
    });
    expect(hours).toEqual(
      hours.toSorted((a, b) => (a.hour === b.hour ? (a.verb < b.verb ? -1 : 1) : a.hour < b.hour ? 1 : -1)),
    );
    // The projector may write between two reads.
    await eventually('24 hours are the default', async () =>
      isDeepStrictEqual((await stats('')).body, (await stats('?hours=24')).body),
    );
  });

  it.each([
    ['?hours=0', undefined, 400, 'HOURS_INVALID'],
    ['?hours=169', undefined, 400, 'HOURS_INVALID'],
    ['?hours=1&hours=2', undefined, 400, 'HOURS_INVALID'],
    ['', {}, 400, 'KEY_MISSING'],
    ['', { 'x-admin-key': 'not this one' }, 401, 'KEY_INVALID'],
  ] as const)('refuses /stats%s with %j', async (query, headers, status, code) => {
    const refused = await stats(query, headers);
    expect({ status: refused.status, code: refused.body.code }).toEqual({ status, code });
  });

  it.each<[string, ErrorCode]>([
    ['/feed/my?group=week', 'GROUP_INVALID'],
    ['/feed/friends?group=day&group=day', 'GROUP_INVALID'],
    ['/feed/my?group=day&limit=0', 'LIMIT_INVALID'],
    ['/feed/my?group=day&cursor=nonsense', 'CURSOR_INVALID'],
    ['/feed/my/summary?days=0', 'DAYS_INVALID'],
    ['/feed/friends/summary?days=367', 'DAYS_INVALID'],
    ['/feed/friends/summary?days=1.5', 'DAYS_INVALID'],
    ['/trending?window=2h', 'WINDOW_INVALID'],
    ['/trending?type=video', 'TYPE_INVALID'],
    ['/trending?among=foes', 'AMONG_INVALID'],
    ['/trending?limit=101', 'LIMIT_INVALID'],
  ])('refuses %s', async (path, code) => {
    const { status, body } = await fan.get(path);
    expect({ status, body }).toEqual({ status: 400, body: { error: true, code, message: ERRORS[code].text } });
  });

  it('reject a cursor of entries for groups, and vice versa', async () => {
    const cursorOf = async (path: string) => (await author.page(path)).nextUrl.split('cursor=')[1];
    const entries = await cursorOf('/feed/my?limit=1');
    const groups = await cursorOf('/feed/my?group=day&limit=1');
    expect((await author.get(`/feed/my?group=day&cursor=${entries}`)).body.code).toBe('CURSOR_INVALID');
    expect((await author.get(`/feed/my?cursor=${groups}`)).body.code).toBe('CURSOR_INVALID');
  });

  it.each(['/feed/my/summary', '/feed/friends/summary', '/trending'])('require a key for %s', async (path) => {
    const { status, body } = await request(system().address(), path);
    expect({ status, code: body.code }).toEqual({ status: 400, code: 'KEY_MISSING' });
  });
}

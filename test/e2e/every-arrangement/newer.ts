import { decodeFeedPosition, encodeFeedPosition } from '@activity-feed/contracts';
import type { ApiAnswer, ApiClient } from '../../harness/api-client';
import type { System } from '../../harness/system';
import { expectError } from '../expect-error';

/** Declares the tests. That nothing is missed or repeated the random worlds compare. */
export function testNewer(system: () => System): void {
  let author: ApiClient;
  let fan: ApiClient;

  beforeAll(async () => {
    [author, fan] = [await system().as('newer_author'), await system().as('newer_fan')];
    await fan.follow('newer_author');
  });

  const read = async (client: ApiClient, path: string, gateway = 1) =>
    (await client.at(system().address(gateway)).freshGet(path)).body;
  const newest = async (client: ApiClient, path: string): Promise<string> => (await read(client, path)).newer_url;
  const idsOf = (entries: { object_id: number }[]) => entries.map(({ object_id }) => object_id);
  const idOf = ({ body }: ApiAnswer) => body.object_id as number;

  it('are the entries that have come since, newest first, and the rest of them behind the next URL', async () => {
    const url = await newest(fan, '/feed/friends?limit=2');
    expect(url).toMatch(/^\/feed\/friends\?limit=2&since=/);
    expect(await read(fan, url)).toEqual({ friends_feed: [], next_url: '', newer_url: url });
    const posts = [await author.post('post', 'a'), await author.post('post', 'b'), await author.post('post', 'c')];
    const reader = fan.after(...posts);
    const ids = posts.map(idOf);
    const first = await read(reader, url, 0);
    expect([idsOf(first.friends_feed), first.next_url]).toEqual([ids.slice(0, 2).reverse(), '']);
    const second = await read(reader, first.newer_url);
    expect(idsOf(second.friends_feed)).toEqual([ids[2]]);
    expect((await read(reader, second.newer_url, 0)).friends_feed).toEqual([]);
    // What was taken back meanwhile is left out.
    await author.remove(`post:${ids[1]}`);
    const [last] = [await author.post('post', 'd')];
    expect(idsOf((await read(fan.after(last as ApiAnswer), url.replace('limit=2&', ''))).friends_feed)).toEqual([
      idOf(last as ApiAnswer),
      ids[2],
      ids[0],
    ]);
  });

  it('are read with their objects, in every feed, and of grouped pages as entries', async () => {
    const urls = await Promise.all([
      newest(author, '/feed/my?expand=objects'),
      newest(author, '/feed/my?group=day'),
      newest(fan, '/users/newer_author/feed'),
    ]);
    expect(urls[1]).not.toContain('group');
    const post = await author.post('post', 'new');
    const name = `post:${idOf(post)}`;
    const [mine, grouped, other] = await Promise.all(
      urls.map((url, index) => read(index < 2 ? author : fan.after(post), url)),
    );
    expect([idsOf(mine.my_feed), mine.objects[name].content]).toEqual([[idOf(post)], 'new']);
    expect([idsOf(grouped.my_feed), idsOf(other.user_feed)]).toEqual([[idOf(post)], [idOf(post)]]);
  });

  it('are the notifications that have grown since', async () => {
    const photo = await author.photo();
    const before = await newest(author, '/notifications?limit=1');
    const like = await fan.like(photo);
    const after = author.after(like);
    const { notifications, newer_url } = await read(after, before);
    expect(notifications).toMatchObject([{ verb: 'like', count: 1, actor_names: ['newer_fan'], seen: false }]);
    expect((await read(after, newer_url)).notifications).toEqual([]);
    const share = await fan.share(photo);
    const undone = await fan.unlike(photo);
    expect((await read(author.after(share, undone), before)).notifications).toMatchObject([{ verb: 'share' }]);
  });

  it('are refused for a position that is malformed, of another log, or not alone', async () => {
    const url = await newest(fan, '/feed/friends');
    const [path, since = ''] = url.split('since=');
    const { epoch, log } = decodeFeedPosition(since) as NonNullable<ReturnType<typeof decodeFeedPosition>>;
    const of = (position: string) => fan.get(`${path}since=${position}`);
    for (const position of ['', 'a', `${since}A`, since.slice(0, -2), `${since}.${since}`]) {
      expectError(await of(position), 400, 'POSITION_INVALID');
    }
    expectError(await of(encodeFeedPosition({ epoch: epoch - 1, log })), 410, 'POSITION_GONE');
    expectError(await fan.get(`${url}&cursor=${'A'.repeat(32)}`), 400, 'POSITION_INVALID');
    expectError(await fan.get(`${url}&group=day`), 400, 'GROUP_INVALID');
    expectError(await fan.get(`/notifications?since=${encodeFeedPosition({ epoch: 1, log })}`), 410, 'POSITION_GONE');
  });

  it('are found from a position that is kept for all devices, and only moves forwards', async () => {
    const keep = (newer_url: unknown, feed: unknown = 'friends', gateway = 0) =>
      fan.at(system().address(gateway)).send('/me/position', { feed, newer_url }, 'PUT');
    const kept = async (feed = 'friends') => (await fan.get(`/me/position?feed=${feed}`)).body;
    expect(await kept()).toEqual({ newer_url: null });
    const first = await newest(fan, '/feed/friends');
    expect((await keep(first)).body).toEqual({ newer_url: first });
    const post = await author.post('post', 'later');
    const second = (await read(fan.after(post), first)).newer_url as string;
    expect((await keep(second, 'friends', 1)).body).toEqual({ newer_url: second });
    expect((await keep(first)).body).toEqual({ newer_url: second });
    expect([await kept(), await kept('my')]).toEqual([{ newer_url: second }, { newer_url: null }]);
    // It does not disturb what is seen and read.
    expect((await fan.send('/notifications/seen', {})).status).toBe(200);
    expect(await kept()).toEqual({ newer_url: second });
    for (const url of [undefined, '', 7, second.replace('friends', 'my'), '/feed/friends', `${first}A`]) {
      expectError(await keep(url), 400, 'POSITION_INVALID');
    }
    expectError(await keep(first, 'user'), 400, 'FEED_INVALID');
    expectError(await fan.get('/me/position'), 400, 'FEED_INVALID');
  });
}

import type { ApiClient } from '../../harness/api-client';
import type { System } from '../../harness/system';

/** Declares the tests. */
export function testFeeds(system: () => System): void {
  /** Posts one at a time, waits until all are visible, and returns their ids. */
  async function posts(author: ApiClient, count: number): Promise<number[]> {
    const ids: number[] = [];
    for (let index = 0; index < count; index++) ids.push((await author.post('post', `${index}`)).body.object_id);
    await author.myFeed();
    return ids;
  }

  it('of friends contain the activities of current followees, including earlier ones', async () => {
    const [anna, bert, reader] = [await system().as('anna'), await system().as('bert'), await system().as('cleo')];
    const [first] = await posts(anna, 1);
    const [second] = await posts(bert, 1);
    expect(await reader.friendsFeed()).toEqual([]);

    await reader.follow('anna');
    expect((await reader.friendsFeed()).map(({ object_id }) => object_id)).toEqual([first]);
    await reader.follow('bert');
    expect((await reader.friendsFeed()).map(({ object_id }) => object_id)).toEqual([second, first]);
    await reader.unfollow('anna');
    expect((await reader.friendsFeed()).map(({ object_id }) => object_id)).toEqual([second]);
    await reader.follow('anna');
    expect((await reader.friendsFeed()).map(({ object_id }) => object_id)).toEqual([second, first]);
  });

  it('of friends omit the reader’s own activities', async () => {
    const [dora, emil] = [await system().as('dora'), await system().as('emil')];
    await dora.follow('emil');
    await emil.follow('dora');
    await posts(dora, 1);
    const verbs = (await dora.friendsFeed()).map(({ actor_name, verb }) => [actor_name, verb]);
    expect(verbs).toEqual([['emil', 'follow']]);
  });

  it('have pages without gaps or duplicates, despite writes in between', async () => {
    const [author, reader] = [await system().as('frida'), await system().as('gero')];
    await reader.follow('frida');
    const before = await posts(author, 9);
    const seen: (number | null)[] = [];
    for (let url = '/feed/friends?limit=2'; url !== ''; ) {
      const page = await reader.page(url);
      seen.push(...page.entries.map(({ object_id }) => object_id));
      expect(page.nextUrl === '' || page.nextUrl.startsWith('/feed/friends?limit=2&cursor=')).toBe(true);
      url = page.nextUrl;
      await posts(author, 3);
    }
    expect(seen).toEqual(before.reverse());
  });

  it('have 50 entries per page, and an empty next_url on the last page', async () => {
    const author = await system().as('hugo');
    await posts(author, 51);
    const first = await author.page('/feed/my');
    expect(first.entries).toHaveLength(50);
    expect(first.nextUrl).toMatch(/^\/feed\/my\?cursor=/);
    const second = await author.page(first.nextUrl);
    expect(second.entries).toHaveLength(1);
    expect(second.nextUrl).toBe('');
    expect((await author.page('/feed/my?limit=51')).nextUrl).toBe('');
    expect((await author.page('/feed/my?limit=200')).entries).toHaveLength(51);
  });

  it('are newest first', async () => {
    const times = (await (await system().as('hugo')).wholeFeed('my', 7)).map(({ time }) => time);
    expect(times).toHaveLength(51);
    expect(times).toEqual([...times].sort().reverse());
    expect(new Set(times).size).toBe(51);
  });
}

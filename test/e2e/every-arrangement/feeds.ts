import type { ApiAnswer, ApiClient } from '../../harness/api-client';
import type { System } from '../../harness/system';

/** Declares the tests. */
export function testFeeds(system: () => System): void {
  /** Posts one at a time. Returns the ids and the last answer. */
  async function posts(author: ApiClient, count: number): Promise<{ ids: number[]; last: ApiAnswer }> {
    const answers: ApiAnswer[] = [];
    for (let index = 0; index < count; index++) answers.push(await author.post('post', `${index}`));
    return { ids: answers.map(({ body }) => body.object_id), last: answers.at(-1) as ApiAnswer };
  }

  it('of friends contain the activities of current followees, including earlier ones', async () => {
    const [annas, berts] = [await posts(await system().as('anna'), 1), await posts(await system().as('bert'), 1)];
    const [[first], [second]] = [annas.ids, berts.ids];
    const reader = (await system().as('cleo')).after(annas.last, berts.last);
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
    const followed = await emil.follow('dora');
    await posts(dora, 1);
    const verbs = (await dora.after(followed).friendsFeed()).map(({ actor_name, verb }) => [actor_name, verb]);
    expect(verbs).toEqual([['emil', 'follow']]);
  });

  it('have pages without gaps or duplicates, despite writes in between', async () => {
    const [author, reader] = [await system().as('frida'), await system().as('gero')];
    await reader.follow('frida');
    const { ids: before, last } = await posts(author, 9);
    const seen: (number | null)[] = [];
    for (let url = '/feed/friends?limit=2'; url !== ''; ) {
      const page = await reader.after(last).freshPage(url);
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
    const first = await author.freshPage('/feed/my');
    expect(first.entries).toHaveLength(50);
    expect(first.nextUrl).toMatch(/^\/feed\/my\?cursor=/);
    const second = await author.freshPage(first.nextUrl);
    expect(second.entries).toHaveLength(1);
    expect(second.nextUrl).toBe('');
    expect((await author.freshPage('/feed/my?limit=51')).nextUrl).toBe('');
    expect((await author.freshPage('/feed/my?limit=200')).entries).toHaveLength(51);
  });

  it('are newest first', async () => {
    const times = (await (await system().as('hugo')).wholeFeed('my', 7)).map(({ time }) => time);
    expect(times).toHaveLength(51);
    expect(times).toEqual([...times].sort().reverse());
    expect(new Set(times).size).toBe(51);
  });
}

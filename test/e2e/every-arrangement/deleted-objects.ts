import type { ActivityGroup, TrendingObject } from '@activity-feed/contracts';
import type { ApiAnswer, ApiClient } from '../../harness/api-client';
import type { System } from '../../harness/system';
import { expectError } from '../expect-error';

const ROUNDS = 3;
const WRITERS = 6;

const AUTHOR = 'deleted_author';
const FAN = 'deleted_fan';

/** Declares the tests. */
export function testDeletedObjects(system: () => System): void {
  let author: ApiClient;
  let fan: ApiClient;
  /** Follows both. */
  let reader: ApiClient;
  let other: string;
  /** Of what stays in every read. */
  let staying: string[];

  beforeAll(async () => {
    author = await system().as(AUTHOR);
    fan = await system().as(FAN);
    reader = await system().as('deleted_reader');
    await reader.follow(AUTHOR);
    await reader.follow(FAN);
    const followed = await author.follow(FAN);
    // Something that stays in every read.
    other = await author.photo();
    await fan.like(other);
    await fan.share(other);
    staying = [followed, await fan.comment(other, 'stays')].map(tokenOf);
  });

  const there = (user: ApiClient) => user.at(system().address(1));
  const tokenOf = ({ headers }: ApiAnswer) => headers.get('consistency-token') as string;
  const commentOf = ({ body }: ApiAnswer) => `comment:${body.object_id}`;

  /** What every read of a feed returns, with the newest writes of its reader and of `tokens`. */
  async function feedReads(user: ApiClient, tokens: string[] = []) {
    const headers = { 'consistency-token': [...staying, ...tokens].join(',') };
    const get = async (path: string) => (await user.freshGet(path, headers)).body;
    const feed = async (name: 'my' | 'friends') => {
      const pages = [];
      for (let path = `/feed/${name}?limit=3`; path !== ''; path = pages.at(-1).next_url) pages.push(await get(path));
      return {
        entries: pages.flatMap((page) => page[`${name}_feed`]),
        groups: (await get(`/feed/${name}?group=day&limit=200`))[`${name}_feed`].sort(byTime),
        summary: await get(`/feed/${name}/summary?days=2`),
        objects: Object.keys((await get(`/feed/${name}?limit=200&expand=objects`)).objects).sort(),
      };
    };
    const trends = async (among: string) =>
      (await get(`/trending?window=1h&limit=100${among}`)).trending.map(withoutScore).sort(byId);
    return {
      my: await feed('my'),
      friends: await feed('friends'),
      trending: await trends(''),
      amongFriends: await trends('&among=friends'),
    };
  }

  const byTime = (one: ActivityGroup, other: ActivityGroup) => (one.time < other.time ? 1 : -1);
  const byId = (one: TrendingObject, other: TrendingObject) => one.object_id - other.object_id;
  const withoutScore = ({ score: _score, ...rest }: TrendingObject) => rest;

  /** The counts of an object, and the lengths of its lists. */
  async function countsOf(user: ApiClient, object: string, tokens: string[] = []) {
    const headers: Record<string, string> = tokens.length > 0 ? { 'consistency-token': tokens.join(',') } : {};
    const { likes, shares, comments } = (await user.freshGet(`/objects/${object}`, headers)).body;
    const listed = await user.comments(object);
    const replies = listed.reduce((sum, comment) => sum + comment.replies, 0);
    return {
      counts: { likes, shares, comments },
      lists: {
        likes: (await user.wholeList('likes', object, 50)).length,
        shares: (await user.wholeList('shares', object, 50)).length,
        comments: listed.filter(({ deleted }) => !deleted).length + replies,
      },
    };
  }

  it('takes all activities about it out of every read at once, and brings them back to their places', async () => {
    const tokens = [tokenOf(await author.like(await author.photo())), tokenOf(await fan.share(await author.photo()))];
    const without = await feedReads(reader, tokens);
    const object = await author.photo();
    await fan.like(object);
    await fan.share(object);
    const comment = commentOf(await fan.comment(object, 'Where is that?'));
    tokens[0] = tokenOf(await author.like(comment));
    tokens[1] = tokenOf(await fan.share(object));
    const before = await feedReads(reader, tokens);
    const counts = await countsOf(reader, object, tokens);
    expect(before.friends.entries).toHaveLength(without.friends.entries.length + 6);
    expect(counts.counts).toEqual({ likes: 1, shares: 2, comments: 1 });
    expect(counts.lists).toEqual(counts.counts);
    for (let round = 0; round < ROUNDS; round++) {
      tokens[0] = tokenOf(await author.remove(object));
      expect(await feedReads(reader, tokens)).toEqual(without);
      for (const hidden of [object, comment])
        expectError(await reader.get(`/objects/${hidden}`), 404, 'OBJECT_NOT_FOUND');
      tokens[0] = tokenOf(await there(author).restore(object));
      expect(await feedReads(reader, tokens)).toEqual(before);
      expect(await countsOf(reader, object, tokens)).toEqual(counts);
    }
  });

  it('is gone from the next read of its owner, through any gateway, with counts of nothing', async () => {
    const tokens = [tokenOf(await fan.like(await author.photo()))];
    const without = await feedReads(author, tokens);
    const object = await author.photo();
    await author.like(object);
    await author.comment(object, 'mine');
    const before = await feedReads(author, tokens);
    for (let round = 0; round < ROUNDS; round++) {
      await author.remove(object);
      expect(await feedReads(there(author), tokens)).toEqual(without);
      const nothing = { likes: 0, shares: 0, comments: 0 };
      expect(await countsOf(author, object)).toEqual({ counts: nothing, lists: nothing });
      await there(author).restore(object);
      expect(await feedReads(author, tokens)).toEqual(before);
    }
  });

  it('does not bring back what was taken back while it was deleted', async () => {
    const object = await author.photo();
    const without = await feedReads(fan);
    await fan.like(object);
    await fan.share(object);
    await author.remove(object);
    for (const undo of ['unlike', 'unshare'] as const) await fan[undo](object);
    const token = tokenOf(await author.restore(object));
    expect(await feedReads(fan, [token])).toEqual(without);
    expect(await countsOf(fan, object, [token])).toMatchObject({ counts: { likes: 0, shares: 0 } });
    await fan.like(object);
    expect(await countsOf(fan, object)).toMatchObject({ counts: { likes: 1 }, lists: { likes: 1 } });
  });

  it('is a comment too, which the owner of its object may delete: gone from that user’s next read', async () => {
    const object = await author.photo();
    const without = await feedReads(author, [tokenOf(await fan.like(await author.photo()))]);
    const comment = commentOf(await fan.comment(object, 'rude'));
    await author.like(comment);
    // Of a version below those of the deletions, which are in the same stream.
    const tokens = [tokenOf(await fan.like(comment))];
    const before = await feedReads(author, tokens);
    for (let round = 0; round < ROUNDS; round++) {
      expect(tokenOf(await author.remove(comment))).toMatch(new RegExp(`^activity\\.${(await fan.me()).id}\\.`));
      expect(await feedReads(there(author), tokens)).toEqual(without);
      expect(await countsOf(there(author), object)).toMatchObject({ counts: { comments: 0 }, lists: { comments: 0 } });
      expectError(await author.get(`/objects/${comment}`), 404, 'OBJECT_NOT_FOUND');
      expect((await fan.get(`/objects/${comment}`)).body).toMatchObject({ deleted_at: expect.any(String) });
      expectError(await fan.send(`/objects/${comment}/restore`, {}), 403, 'NOT_DELETER');
      expectError(await reader.send(`/objects/${comment}/restore`, {}), 404, 'OBJECT_NOT_FOUND');
      await there(author).restore(comment);
      expect(await feedReads(author, tokens)).toEqual(before);
    }
  });

  it('stays in the list of comments while it has living replies, which are counted', async () => {
    const object = await author.photo();
    const first = commentOf(await fan.comment(object, 'first'));
    const id = Number(first.slice('comment:'.length));
    const replied = await author.comment(object, 'reply', id);
    const reply = commentOf(replied);
    const removed = await fan.remove(first);
    expect(await fan.comments(object)).toEqual([
      expect.objectContaining({ object_id: id, deleted: true, content: null, user_name: null, replies: 1, likes: 0 }),
    ]);
    expect((await fan.comments(first)).map(({ content }) => content)).toEqual(['reply']);
    const one = { likes: 0, shares: 0, comments: 1 };
    expect(await countsOf(fan, object, [tokenOf(replied)])).toEqual({ counts: one, lists: one });
    expectError(await author.send(`/objects/${object}/comments`, { content: 'a', reply_to: id }), 400, 'REPLY_INVALID');
    await author.remove(reply);
    expect(await author.comments(object)).toEqual([]);
    const none = { likes: 0, shares: 0, comments: 0 };
    expect(await countsOf(author, object, [tokenOf(removed)])).toEqual({ counts: none, lists: none });
    const restored = await author.restore(reply);
    await fan.restore(first);
    const two = { likes: 0, shares: 0, comments: 2 };
    expect(await countsOf(fan, object, [tokenOf(restored)])).toEqual({ counts: two, lists: two });
  });

  it('has counts that agree with its lists after users have deleted, restored and liked it at once', async () => {
    const object = await author.photo();
    const names = Array.from({ length: WRITERS }, (_, index) => `writer-${index}`);
    const writers = await Promise.all(names.map((name) => system().as(name)));
    await Promise.all(names.map((name) => reader.follow(name)));
    const owners = [author, there(author)];
    await Promise.all([
      ...owners.map(async (owner, index) => {
        for (let turn = 0; turn < 20; turn++) {
          await (turn % 2 === index
            ? owner.delete(`/objects/${object}`)
            : owner.send(`/objects/${object}/restore`, {}));
        }
      }),
      ...writers.map(async (writer) => {
        for (let turn = 0; turn < 10; turn++) {
          const verb = turn % 3 === 2 ? 'unlike' : 'like';
          await writer.send('/activity', { verb, object });
          if (turn === 5) await writer.send('/activity', { verb: 'share', object });
          if (turn === 7) await writer.send(`/objects/${object}/comments`, { content: 'a' });
        }
      }),
    ]);
    const tokens = [tokenOf(await author.restore(object))];
    for (const writer of writers) tokens.push(tokenOf(await writer.unlike(other)));
    const { counts, lists } = await countsOf(reader, object, tokens);
    expect(counts).toEqual(lists);
    const id = Number(object.slice('photo:'.length));
    const { friends } = await feedReads(reader, tokens);
    const verbs = { like: lists.likes, share: lists.shares, comment: lists.comments };
    for (const [verb, count] of Object.entries(verbs)) {
      const of = (entry: { verb: string }) => entry.verb === verb;
      const entries = friends.entries.filter(
        (entry) => of(entry) && entry.object_id === id && entry.object_type === 'photo',
      );
      expect([verb, entries.length]).toEqual([verb, count]);
    }
  });
}

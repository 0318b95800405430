import type { ActivityGroup, ErrorCode, TrendingObject } from '@activity-feed/contracts';
import { type ApiAnswer, type ApiClient, request } from '../../harness/api-client';
import type { System } from '../../harness/system';
import { readTopic } from '../../harness/topic-reader';
import { expectError } from '../expect-error';

const ROUNDS = 10;

const VERBS = [
  { verb: 'like', undo: 'unlike', count: 'likes', state: 'liked', removed: 'Like removed', nothing: 'Not liked' },
  { verb: 'share', undo: 'unshare', count: 'shares', state: 'shared', removed: 'Share removed', nothing: 'Not shared' },
] as const;

/** Declares the tests. */
export function testUndo(system: () => System): void {
  let author: ApiClient;
  let follower: ApiClient;
  let users = 0;

  beforeAll(async () => {
    author = await system().as('undo_author');
    follower = await system().as('undo_follower');
  });

  /** A new user whom `follower` follows. */
  async function somebody(): Promise<{ name: string; fan: ApiClient; there: ApiClient }> {
    const name = `fan-${++users}`;
    const fan = await system().as(name);
    await follower.follow(name);
    return { name, fan, there: fan.at(system().address(1)) };
  }

  const tokenOf = ({ headers }: ApiAnswer) => headers.get('consistency-token') as string;

  describe.each(VERBS)('a $verb', ({ verb, undo, count, state, removed, nothing }) => {
    /** How often `reader` finds `name`'s activity about `object`, in every kind of read. */
    async function seen(reader: ApiClient, feed: 'my' | 'friends', name: string, object: string, token?: string) {
      const headers: Record<string, string> = token ? { 'consistency-token': token } : {};
      const get = async (path: string) => (await reader.freshGet(path, headers)).body;
      const [page, groups, summary, trending, found, named, list] = await Promise.all([
        get(`/feed/${feed}?limit=200`),
        get(`/feed/${feed}?group=day&limit=200`),
        get(`/feed/${feed}/summary?days=2`),
        get('/trending?window=1h&limit=100'),
        get(`/objects/${object}`),
        get(`/objects?names=${object}`),
        get(`/objects/${object}/${count}`),
      ]);
      const id = Number(object.slice('photo:'.length));
      const of = (entry: { actor_name: string; verb: string }) => entry.actor_name === name && entry.verb === verb;
      return {
        page: page[`${feed}_feed`].filter(of).length,
        groups: groups[`${feed}_feed`].filter(of).reduce((sum: number, group: ActivityGroup) => sum + group.count, 0),
        summary: summary[`${feed}_summary`].totals[verb],
        trending: trending.trending.find(({ object_id }: TrendingObject) => object_id === id)?.[count] ?? 0,
        object: found[count],
        named: named.objects[0][count],
        state: found[state],
        list: list[count].length,
      };
    }

    const nowhere = { page: 0, groups: 0, summary: 0, trending: 0, object: 0, named: 0, state: false, list: 0 };
    const once = { page: 1, groups: 1, summary: 1, trending: 1, object: 1, named: 1, state: true, list: 1 };

    it('disappears from every read of its user immediately, through any gateway', async () => {
      const { name, fan, there } = await somebody();
      const object = await author.photo();
      for (let round = 1; round <= ROUNDS; round++) {
        await fan[verb](object);
        expect(await seen(there, 'my', name, object)).toEqual(once);
        const { status, body } = await there[undo](object);
        expect([status, body]).toEqual([200, { verb: undo, message: removed }]);
        expect(await seen(fan, 'my', name, object)).toEqual(nowhere);
      }
    });

    it('disappears from every read of a follower with the token', async () => {
      const { name, fan } = await somebody();
      const reader = await system().as(`reader-of-${name}`);
      await reader.follow(name);
      const object = await author.photo();
      for (let round = 1; round <= ROUNDS; round++) {
        const done = await fan[verb](object);
        const others = { ...once, state: false };
        expect(await seen(reader, 'friends', name, object, tokenOf(done))).toEqual(others);
        const undone = await fan[undo](object);
        expect(await seen(reader, 'friends', name, object, tokenOf(undone))).toEqual(nowhere);
      }
    });

    it('can be repeated, as a new activity at a new time', async () => {
      const { fan } = await somebody();
      const [object, other] = [await author.photo(), await author.photo()];
      await fan[verb](object);
      const [first] = await fan.myFeed();
      await fan[verb](other);
      await fan[undo](object);
      expect((await fan[verb](object)).body.message).toBe('Activity recorded');
      const entries = await fan.myFeed();
      expect(entries.map(({ object_id }) => `photo:${object_id}`)).toEqual([object, other]);
      expect((entries[0]?.time as string) > (first?.time as string)).toBe(true);
      expect((await fan.get(`/objects/${object}/${count}`)).body[count]).toEqual([
        { user_name: expect.any(String), time: entries[0]?.time },
      ]);
    });

    it('that does not exist is answered with the newest token, and no event', async () => {
      const { fan, there } = await somebody();
      const object = await author.photo();
      const authors = await author[verb](object);
      const never = await fan[undo](object);
      expect([never.status, never.body]).toEqual([200, { verb: undo, message: nothing }]);
      expect(tokenOf(never)).toMatch(/^activity\.\d+\.0$/);
      expect(await there.after(never).myFeed()).toEqual([]);
      await fan[verb](object);
      const undone = await fan[undo](object);
      const again = await there[undo](object);
      expect(again.body).toEqual({ verb: undo, message: nothing });
      expect(tokenOf(again)).toBe(tokenOf(undone));
      expect((await fan.after(authors).freshGet(`/objects/${object}`)).body).toMatchObject({
        [count]: 1,
        [state]: false,
      });
    });

    it('is taken back by one event, however many requests arrive at once', async () => {
      const { fan, there } = await somebody();
      const object = await author.photo();
      const done = await fan[verb](object);
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, index) => (index % 2 ? fan : there)[undo](object)),
      );
      expect(answers.map(({ body }) => body.message).sort()).toEqual([removed, ...Array(19).fill(nothing)].sort());
      const [source, stream, version] = tokenOf(done).split('.');
      expect(new Set(answers.map(tokenOf))).toEqual(new Set([`${source}.${stream}.${Number(version) + 1}`]));
    });

    it('of others stays', async () => {
      const [one, two] = [await somebody(), await somebody()];
      const object = await author.photo();
      await one.fan[verb](object);
      const others = await two.fan[verb](object);
      const undone = await one.fan[undo](object);
      expect((await one.fan.after(others).freshGet(`/objects/${object}`)).body).toMatchObject({
        [count]: 1,
        [state]: false,
      });
      const seen = await two.fan.freshGet(`/objects/${object}`, { 'consistency-token': tokenOf(undone) });
      expect(seen.body).toMatchObject({ [count]: 1, [state]: true });
      const { body } = await one.fan.get(`/objects/${object}/${count}`);
      expect(body[count].map(({ user_name }: { user_name: string }) => user_name)).toEqual([two.name]);
    });

    it.each<[unknown, ErrorCode]>([
      [undefined, 'OBJECT_FORMAT_INVALID'],
      ['photo', 'OBJECT_FORMAT_INVALID'],
      ['photo:-1', 'OBJECT_FORMAT_INVALID'],
      ['photo:999999', 'OBJECT_NOT_FOUND'],
      ['photo:0', 'OBJECT_NOT_FOUND'],
      ['video:1', 'OBJECT_NOT_FOUND'],
      [`photo:${'9'.repeat(95)}`, 'OBJECT_NAME_TOO_LONG'],
    ])('of %j cannot be taken back', async (object, code) => {
      expectError(await author.send('/activity', { verb: undo, object }), 400, code);
    });

    it('is taken back only with a key', async () => {
      const send = (headers: Record<string, string>) =>
        request(system().address(), '/activity', {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...headers },
          body: JSON.stringify({ verb: undo, object: 'photo:1' }),
        });
      expectError(await send({}), 400, 'KEY_MISSING');
      expectError(await send({ 'x-app-key': 'nobody' }), 401, 'KEY_INVALID');
    });
  });

  it('removes all shares of the object by the user, and nothing else', async () => {
    const { name, fan, there } = await somebody();
    const [object, other] = [await author.photo(), await author.photo()];
    await fan.like(object);
    for (const shared of [object, other, object, object]) await fan.share(shared);
    const authors = await author.share(object);
    expect((await there.unshare(object)).body.message).toBe('Share removed');
    const entries = await there.myFeed();
    expect(entries.map(({ verb, object_id }) => `${verb} photo:${object_id}`)).toEqual([
      `share ${other}`,
      `like ${object}`,
    ]);
    expect((await fan.after(authors).freshGet(`/objects/${object}`)).body).toMatchObject({
      likes: 1,
      shares: 1,
      liked: true,
      shared: false,
    });
    const { body } = await fan.freshGet('/feed/my?group=day');
    const shares = body.my_feed.filter(({ verb }: ActivityGroup) => verb === 'share');
    expect(shares).toMatchObject([{ actor_name: name, count: 1, object_ids: [Number(other.slice('photo:'.length))] }]);
  });

  it('is published with what it takes back', async () => {
    const { fan } = await somebody();
    const object = await author.photo();
    await fan.like(object);
    for (let shares = 0; shares < 2; shares++) await fan.share(object);
    const [last, first, like] = await fan.myFeed();
    await fan.unlike(object);
    await fan.unshare(object);
    expect(await fan.myFeed()).toEqual([]);
    const { id } = await fan.me();
    const messages = (await readTopic(`${system().id}.activity.events.v1`)).filter(
      ({ headers }) => headers.ce_subject === String(id),
    );
    const undone = messages.slice(-2).map(({ headers, value }) => [headers.ce_type, JSON.parse(value).undone]);
    expect(undone).toEqual([
      ['activity.object-unliked.v1', { id: messages[0]?.headers.ce_id, version: 1, time: like?.time }],
      ['activity.object-unshared.v1', { count: 2, first_time: first?.time, last_time: last?.time }],
    ]);
  });
}

import type { ErrorCode } from '@activity-feed/contracts';
import type { ApiClient } from '../../harness/api-client';
import type { System } from '../../harness/system';
import { expectError } from '../expect-error';

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00$/;
const ROUNDS = 10;

const AUTHOR = 'comments_author';
const FAN = 'comments_fan';

/** Declares the tests. */
export function testComments(system: () => System): void {
  let author: ApiClient;
  let fan: ApiClient;

  beforeAll(async () => {
    author = await system().as(AUTHOR);
    fan = await system().as(FAN);
    await author.follow(FAN);
  });

  it('are answered with their id, and listed with their content', async () => {
    const object = await author.photo();
    const content = `"quotes" \\ \u{1F44D} 𝄞 é\n\t${'𝄞'.repeat(9_000)}`;
    const { status, headers, body } = await fan.comment(object, content);
    expect(status).toBe(200);
    expect(body).toEqual({ type: 'comment', object_id: expect.any(Number), message: 'Activity recorded' });
    expect(headers.get('consistency-token')).toMatch(/^activity\.\d+\.\d+$/);
    const reply = await author.comment(object, 'In Lisbon', body.object_id);
    const common = {
      mentions: [],
      likes: 0,
      liked: false,
      created_at: expect.stringMatching(TIME),
      edited_at: null,
      deleted: false,
    };
    expect(await author.comments(object)).toEqual([
      { ...common, object_id: body.object_id, user_name: FAN, content, reply_to: null, replies: 1 },
    ]);
    const replies = { user_name: AUTHOR, content: 'In Lisbon', reply_to: body.object_id, replies: 0 };
    expect(await fan.comments(`comment:${body.object_id}`)).toEqual([
      { ...common, ...replies, object_id: reply.body.object_id },
    ]);
  });

  it('are listed page by page in both orders, first-level comments and replies apart', async () => {
    const object = await author.photo();
    const ids: number[] = [];
    for (let number = 0; number < 5; number++) ids.push((await fan.comment(object, `${number}`)).body.object_id);
    const replies: number[] = [];
    for (let number = 0; number < 3; number++) {
      replies.push((await author.comment(object, `${number}`, replies.at(-1) ?? ids[2])).body.object_id);
    }
    const listed = async (...args: Parameters<ApiClient['comments']>) =>
      (await author.comments(...args)).map(({ object_id }) => object_id);
    expect(await listed(object, 2)).toEqual(ids);
    expect(await listed(object, 2, 'newest')).toEqual(ids.toReversed());
    expect(await listed(`comment:${ids[2]}`, 2)).toEqual(replies);
    expect(await listed(`comment:${ids[2]}`, 2, 'newest')).toEqual(replies.toReversed());
    expect(await listed(`comment:${replies[0]}`)).toEqual([]);
  });

  it('are seen immediately by their writer, through any gateway, in lists, counts and feeds', async () => {
    const object = await author.photo();
    const there = fan.at(system().address(1));
    for (let round = 1; round <= ROUNDS; round++) {
      const [here, other] = round % 2 ? [fan, there] : [there, fan];
      const id = (await here.comment(object, `round ${round}`)).body.object_id;
      expect((await other.comments(object)).at(-1)).toMatchObject({ object_id: id, content: `round ${round}` });
      expect((await other.freshGet(`/objects/${object}`)).body).toMatchObject({ comments: round });
      const [entry] = await other.myFeed();
      expect(entry).toEqual({
        actor_name: FAN,
        verb: 'comment',
        object_id: Number(object.slice('photo:'.length)),
        object_type: 'photo',
        comment_id: id,
        target_name: AUTHOR,
        time: (await other.get(`/objects/comment:${id}`)).body.created_at,
      });
    }
  });

  it('are objects: found by name, liked, edited, with a history, and not shared', async () => {
    const object = await author.photo();
    const id = (await fan.comment(object, 'Where?')).body.object_id;
    const name = `comment:${id}`;
    await author.comment(object, 'In Lisbon', id);
    await author.like(name);
    const reader = author.after(await fan.edit(name, 'Where is that?'));
    const expected = {
      ...{ object_type: 'comment', object_id: id, root: object, thread: null, reply_to: null },
      ...{ owner_name: FAN, content: 'Where is that?', mentions: [] },
      ...{ created_at: expect.stringMatching(TIME), edited_at: expect.stringMatching(TIME) },
      ...{ likes: 1, shares: 0, comments: 1, liked: true, shared: false },
    };
    expect((await reader.freshGet(`/objects/${name}`)).body).toEqual(expected);
    expect((await reader.freshGet(`/objects?names=${object},${name}`)).body.objects).toEqual([
      expect.objectContaining({ object_type: 'photo', comments: 2 }),
      expected,
    ]);
    expect(await author.comments(object)).toMatchObject([{ likes: 1, liked: true, content: 'Where is that?' }]);
    expect(await fan.comments(object)).toMatchObject([{ likes: 1, liked: false }]);
    expect(await fan.wholeList('likes', name, 10)).toMatchObject([{ user_name: AUTHOR }]);
    expect((await author.get(`/objects/${name}/history`)).body.versions).toMatchObject([
      { content: 'Where?' },
      { content: 'Where is that?' },
    ]);
    const [liked] = (await author.myFeed()).filter(({ verb }) => verb === 'like');
    expect(liked).toEqual({
      ...{ actor_name: AUTHOR, verb: 'like', object_id: id, object_type: 'comment', target_name: FAN },
      time: expect.stringMatching(TIME),
    });
    expectError(await author.send('/activity', { verb: 'share', object: name }), 400, 'OBJECT_FORMAT_INVALID');
    expectError(await author.send(`/objects/${name}`, { content: 'a' }, 'PATCH'), 403, 'NOT_OWNER');
  });

  it('are among the objects of a page beside what they comment on, and grouped by it', async () => {
    const object = await author.photo();
    const { headers, body } = await fan.comment(object, 'Where?');
    const token = { 'consistency-token': headers.get('consistency-token') as string };
    const page = await author.freshGet('/feed/friends?limit=1&expand=objects', token);
    expect(page.body.objects).toEqual({
      [object]: expect.objectContaining({ owner_name: AUTHOR, comments: 1 }),
      [`comment:${body.object_id}`]: expect.objectContaining({ content: 'Where?', root: object }),
    });
    const { body: groups } = await author.freshGet('/feed/friends?limit=1&group=day&expand=objects', token);
    const id = Number(object.slice('photo:'.length));
    const [group] = groups.friends_feed.filter(({ verb }: { verb: string }) => verb === 'comment');
    if (group) expect(group.object_ids[0]).toBe(id);
    expect((await fan.freshGet('/feed/my/summary?days=1')).body.my_summary.totals.comment).toBeGreaterThan(0);
  });

  it('let their object trend, and trend themselves only where they are asked for', async () => {
    const object = await author.photo();
    const id = (await fan.comment(object, 'Where?')).body.object_id;
    await fan.like(`comment:${id}`);
    const trending = async (query: string) => (await fan.freshGet(`/trending?limit=100${query}`)).body.trending;
    const photoId = Number(object.slice('photo:'.length));
    expect(await trending('')).toContainEqual({
      ...{ object_type: 'photo', object_id: photoId, owner_name: AUTHOR },
      ...{ likes: 0, shares: 0, comments: 1, score: 2 },
    });
    for (const { object_type } of await trending('')) expect(object_type).not.toBe('comment');
    expect(await trending('&type=comment')).toContainEqual({
      ...{ object_type: 'comment', object_id: id, owner_name: FAN },
      ...{ likes: 1, shares: 0, comments: 0, score: 1 },
    });
  });

  it('are refused where there is nothing to comment on', async () => {
    const [object, other] = [await author.photo(), await author.photo()];
    const elsewhere = (await fan.comment(other, 'elsewhere')).body.object_id;
    const refused: [string, object, number, ErrorCode][] = [
      ['photo:999999', { content: 'a' }, 404, 'OBJECT_NOT_FOUND'],
      ['video:1', { content: 'a' }, 404, 'OBJECT_NOT_FOUND'],
      [`comment:${elsewhere}`, { content: 'a' }, 400, 'OBJECT_FORMAT_INVALID'],
      [object, {}, 400, 'CONTENT_MISSING'],
      [object, { content: 'a', reply_to: elsewhere }, 400, 'REPLY_INVALID'],
      [object, { content: 'a', reply_to: 999_999 }, 400, 'REPLY_INVALID'],
      [object, { content: 'a', reply_to: '1' }, 400, 'REPLY_INVALID'],
    ];
    for (const [name, body, status, code] of refused) {
      expectError(await fan.send(`/objects/${name}/comments`, body), status, code);
    }
    expect(await fan.comments(object)).toEqual([]);
    expectError(await fan.get('/objects/photo:999999/comments'), 404, 'OBJECT_NOT_FOUND');
    expectError(await fan.get(`/objects/${object}/comments?order=best`), 400, 'ORDER_INVALID');
    expectError(await fan.get(`/objects/${object}/comments?cursor=x`), 400, 'CURSOR_INVALID');
    expectError(await fan.send('/post', { type: 'comment', content: 'a' }), 400, 'TYPE_INVALID');
    expectError(await fan.send('/activity', { verb: 'comment', object }), 400, 'VERB_INVALID');
  });
}

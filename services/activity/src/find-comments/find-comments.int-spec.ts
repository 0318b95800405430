import type { CommentOrder, ListedComment, ObjectRef, User, UserId } from '@activity-feed/contracts';
import { ActivityUnderTest } from '../../../../test/harness/activity-under-test';
import { EditObjectHandler } from '../edit-object/edit-object.handler';
import { COMMENTS, FindCommentsHandler } from './find-comments.handler';

const owner: User = { id: 1 as UserId, name: 'owner' };
const fan: User = { id: 2 as UserId, name: 'fan' };

describe('the comments on an object', () => {
  let activity: ActivityUnderTest;
  let reading: FindCommentsHandler;

  beforeAll(async () => {
    activity = await ActivityUnderTest.open();
    reading = new FindCommentsHandler(activity.database.pool);
  });
  afterAll(() => activity?.close());

  async function pageOf(object: ObjectRef, order: CommentOrder = 'oldest', limit = 50, cursor?: string) {
    const answer = await reading.handle({ object, reader: fan.id, order, limit, cursor, identified: true });
    if (!answer.ok) throw new Error(answer.code);
    return answer.value;
  }

  async function whole(object: ObjectRef, order: CommentOrder, limit: number): Promise<ListedComment[]> {
    const comments: ListedComment[] = [];
    for (let cursor: string | undefined; ; ) {
      const page = await pageOf(object, order, limit, cursor);
      comments.push(...page.comments);
      if (page.next === undefined) return comments;
      expect(page.comments).toHaveLength(limit);
      cursor = page.next;
    }
  }

  it('have their content, writer, times, likes, and numbers of replies', async () => {
    const photo = await activity.post(owner);
    const first = await activity.comment(fan, photo, '"quotes" \u{1F44D}');
    const reply = await activity.comment(owner, photo, 'a reply', first.id);
    await activity.comment(fan, photo, 'a reply to it', reply.id);
    await activity.liking.handle({ actor: owner, object: first });
    await activity.liking.handle({ actor: fan, object: first });
    await activity.liking.handle({ actor: owner, object: reply });
    await new EditObjectHandler(activity.events, activity.knownObjects).handle({
      actor: owner,
      object: reply,
      content: 'edited',
    });
    const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00$/);
    const common = {
      ...{ mentions: [], reply_to: null, replies: 0, likes: 0, liked: false, deleted: false },
      cursor: expect.any(String),
    };
    const times = { created_at: time, edited_at: null };
    expect(await pageOf(photo)).toEqual({
      comments: [
        {
          ...{ ...common, ...times, object_id: first.id, content: '"quotes" \u{1F44D}' },
          ...{ user_id: fan.id, user_name: 'fan' },
          ...{ replies: 2, likes: 2, liked: true },
        },
      ],
      next: undefined,
    });
    expect((await pageOf(first)).comments).toEqual([
      {
        ...{ ...common, ...times, object_id: reply.id, content: 'edited' },
        ...{ user_id: owner.id, user_name: 'owner' },
        ...{ reply_to: first.id, likes: 1, edited_at: time },
      },
      {
        ...{ ...common, ...times, object_id: expect.any(Number), content: 'a reply to it' },
        ...{ user_id: fan.id, user_name: 'fan' },
        reply_to: reply.id,
      },
    ]);
    expect(await pageOf(reply)).toEqual({ comments: [], next: undefined });
  });

  it('have the mentions of their current version', async () => {
    const photo = await activity.post(owner);
    const mentions = [{ user: owner, start: 0, end: 6 }];
    const command = { actor: fan, root: photo, content: '@owner', mentions };
    const answer = await activity.commenting.handle(command);
    const shown = [{ name: 'owner', start: 0, end: 6 }];
    expect((await pageOf(photo)).comments).toMatchObject([{ mentions: shown }]);
    const object = { type: 'comment', id: answer.ok ? answer.value.objectId : 0 } as const;
    const editing = new EditObjectHandler(activity.events, activity.knownObjects);
    await editing.handle({ actor: fan, object, content: 'nobody' });
    expect((await pageOf(photo)).comments).toMatchObject([{ mentions: [] }]);
  });

  it('are read page by page in both orders, none twice and none skipped, also while others are written', async () => {
    const photo = await activity.post(owner);
    const other = await activity.post(owner);
    const ids: number[] = [];
    for (let number = 0; number < 12; number++) {
      ids.push((await activity.comment(number % 2 ? fan : owner, photo, `${number}`)).id);
      await activity.comment(fan, other, 'elsewhere');
    }
    const idsOf = (comments: ListedComment[]) => comments.map(({ object_id }) => object_id);
    for (const limit of [1, 5, 6, 12, 13]) {
      expect(idsOf(await whole(photo, 'oldest', limit))).toEqual(ids);
      expect(idsOf(await whole(photo, 'newest', limit))).toEqual(ids.toReversed());
    }
    const first = await pageOf(photo, 'newest', 5);
    const late = await activity.comment(fan, photo, 'late');
    const second = await pageOf(photo, 'newest', 20, first.next);
    expect(idsOf([...first.comments, ...second.comments])).toEqual(ids.toReversed());
    expect(idsOf(await whole(photo, 'oldest', 5))).toEqual([...ids, late.id]);
  });

  it('end a page when its contents reach 1 MB, and continue there', async () => {
    const photo = await activity.post(owner);
    const ids: number[] = [];
    for (let number = 0; number < 4; number++) ids.push((await activity.comment(fan, photo, `${number}`)).id);
    const { pool } = activity.database;
    await pool.query(
      "UPDATE objects SET content = repeat('a', 500000) WHERE type = 'comment' AND id = ANY ($1::bigint[])",
      [ids],
    );
    const first = await pageOf(photo);
    expect(first.comments.map(({ object_id }) => object_id)).toEqual(ids.slice(0, 2));
    const second = await pageOf(photo, 'oldest', 50, first.next);
    expect(second.comments.map(({ object_id }) => object_id)).toEqual(ids.slice(2));
    expect(second.next).toBeUndefined();
  });

  it('are none for an object without comments, and an error for one that does not exist', async () => {
    const photo = await activity.post(owner);
    expect(await pageOf(photo)).toEqual({ comments: [], next: undefined });
    for (const object of [
      { type: 'photo', id: 999_999 },
      { type: 'comment', id: 999_999 },
      { type: 'comment', id: photo.id + 1_000 },
    ] as const) {
      const answer = await reading.handle({ object, reader: fan.id, order: 'oldest', limit: 10 });
      expect(answer).toEqual({ ok: false, code: 'OBJECT_NOT_FOUND' });
    }
  });

  const remove = (object: ObjectRef, by = owner) => activity.deleting.delete({ by, object });

  it('show nothing of a deleted one, which stays while it has living replies', async () => {
    const photo = await activity.post(owner);
    const [first, second] = [await activity.comment(fan, photo, 'secret'), await activity.comment(owner, photo, 'b')];
    const replies = [
      await activity.comment(owner, photo, 'first reply', first.id),
      await activity.comment(fan, photo, 'second reply', first.id),
    ];
    await activity.liking.handle({ actor: fan, object: first });
    const [before, other] = (await pageOf(photo)).comments;
    await remove(first);
    const nothing = { user_name: null, content: null, mentions: [], likes: 0, liked: false, edited_at: null };
    const tombstone = { ...before, ...nothing, replies: 2, deleted: true };
    expect((await pageOf(photo)).comments).toEqual([tombstone, other]);
    expect((await pageOf(first)).comments.map(({ content }) => content)).toEqual(['first reply', 'second reply']);

    await remove(replies[0] as ObjectRef);
    expect((await pageOf(photo)).comments).toEqual([{ ...tombstone, replies: 1 }, other]);
    expect((await pageOf(first)).comments.map(({ content }) => content)).toEqual(['second reply']);
    await remove(replies[1] as ObjectRef, fan);
    expect((await pageOf(photo)).comments).toEqual([other]);
    const read = (reader: User) => reading.handle({ object: first, reader: reader.id, order: 'oldest', limit: 10 });
    expect(await read(owner)).toEqual({ ok: false, code: 'OBJECT_NOT_FOUND' });
    expect(await read(fan)).toEqual({ ok: true, value: { comments: [] } });

    await activity.deleting.restore({ by: fan, object: replies[1] as ObjectRef });
    expect((await pageOf(photo)).comments).toEqual([{ ...tombstone, replies: 1 }, other]);
    await activity.deleting.restore({ by: owner, object: first });
    expect((await pageOf(photo)).comments).toEqual([{ ...before, replies: 1 }, other]);
    expect(other?.object_id).toBe(second.id);
  });

  it('are paged past deleted ones and, in the replies to a deleted comment, to an empty last page', async () => {
    const photo = await activity.post(owner);
    const comments: ObjectRef[] = [];
    for (let number = 0; number < 9; number++) comments.push(await activity.comment(fan, photo, `${number}`));
    const [first] = comments as [ObjectRef];
    const replies = [
      await activity.comment(fan, photo, 'first reply', first.id),
      await activity.comment(fan, photo, 'second reply', first.id),
    ];
    for (const index of [0, 1, 2, 4, 7, 8]) await remove(comments[index] as ObjectRef);
    const listed = [0, 3, 5, 6].map((index) => comments[index]?.id);
    for (const limit of [1, 2, 3, 4]) {
      expect((await whole(photo, 'oldest', limit)).map(({ object_id }) => object_id)).toEqual(listed);
      expect((await whole(photo, 'newest', limit)).map(({ object_id }) => object_id)).toEqual(listed.toReversed());
    }
    const page = await pageOf(first, 'oldest', 1);
    await remove(replies[1] as ObjectRef);
    expect(await pageOf(first, 'oldest', 1, page.next)).toEqual({ comments: [], next: undefined });
  });

  it('are none on a deleted object, which exists for its owner alone, and return with it', async () => {
    const photo = await activity.post(owner);
    const first = await activity.comment(fan, photo);
    await activity.comment(fan, photo, 'a reply', first.id);
    const read = (object: ObjectRef, reader: UserId) => reading.handle({ object, reader, order: 'oldest', limit: 10 });
    const before = [await read(photo, fan.id), await read(first, fan.id)];
    await remove(photo);
    const notFound = { ok: false, code: 'OBJECT_NOT_FOUND' };
    expect([await read(photo, fan.id), await read(first, fan.id)]).toEqual([notFound, notFound]);
    expect(await read(photo, owner.id)).toEqual({ ok: true, value: { comments: [] } });
    await activity.deleting.restore({ by: owner, object: photo });
    expect([await read(photo, fan.id), await read(first, fan.id)]).toEqual(before);
  });

  it('refuse a cursor of another list', async () => {
    const [photo, other] = [await activity.post(owner), await activity.post(owner)];
    for (let number = 0; number < 2; number++) await activity.comment(fan, photo, `${number}`);
    const { next: cursor } = await pageOf(photo, 'oldest', 1);
    expect((await pageOf(photo, 'oldest', 1, cursor)).comments).toMatchObject([{ content: '1' }]);
    const query = { object: photo, reader: fan.id, order: 'oldest', limit: 10, cursor } as const;
    for (const more of [{ object: other }, { order: 'newest' }, { cursor: 'A'.repeat(16) }] as const) {
      expect(await reading.handle({ ...query, ...more })).toEqual({ ok: false, code: 'CURSOR_INVALID' });
    }
  });

  it.each([
    ['object', 'oldest', 'photo'],
    ['object', 'newest', 'photo'],
    ['thread', 'oldest', 'comment'],
    ['thread', 'newest', 'comment'],
  ] as const)('of one %s are read by indexes, %s first', async (list, order, type) => {
    const client = await activity.database.pool.connect();
    try {
      await client.query('BEGIN');
      await client.query(`
INSERT INTO objects (type, id, owner_id, owner_name, content, created_at)
SELECT 'comment', id, 1, 'owner', 'a', now() FROM generate_series(1000000, 1020000) AS id`);
      // Of the replies, half are in one thread and the others each in their own.
      await client.query(`
INSERT INTO comments (id, root_type, root_id, thread, reply_to, created_at, deleted)
SELECT id, 'photo', 5000000, thread, thread, now() + id * interval '1 microsecond', id % 4 = 0
FROM generate_series(1000000, 1020000) AS id
CROSS JOIN LATERAL (
  SELECT CASE WHEN id > 1015000 THEN 1000000 WHEN id > 1010000 THEN id - 10000 END AS thread
) AS of`);
      await client.query(`
INSERT INTO likes (user_id, object_type, object_id, since, event_id, version)
SELECT 2, 'comment', id, now(), gen_random_uuid(), id FROM generate_series(1000000, 1020000) AS id`);
      await client.query('ANALYZE objects, comments, likes');
      const id = list === 'object' ? 5_000_000 : 1_000_000;
      const values = [type, id, order === 'oldest' ? '-infinity' : 'infinity', 0, 51, fan.id];
      const { rows } = await client.query(`EXPLAIN ${COMMENTS[list][order].text}`, values);
      const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
      expect(plan).toContain(list === 'object' ? 'comments_of_object' : 'living_replies');
      expect(plan).toContain('objects_pkey');
      expect(plan).not.toMatch(/Seq Scan|Hash/);
    } finally {
      await client.query('ROLLBACK');
      client.release();
    }
  });
});

import {
  type Answer,
  type LikesPage,
  type ObjectRef,
  sqlEventTime,
  type User,
  type UserId,
} from '@activity-feed/contracts';
import fc from 'fast-check';
import { ActivityUnderTest } from '../../../../test/harness/activity-under-test';
import { forgedLikesCursors } from '../../../../test/harness/forged-cursors';
import { FindLikesHandler, LIKES } from './find-likes.handler';

const user = (id: number): User => ({ id: id as UserId, name: `user-${id}` });
const owner = user(1);

describe('the likes of an object', () => {
  let activity: ActivityUnderTest;
  let reading: FindLikesHandler;

  beforeAll(async () => {
    activity = await ActivityUnderTest.open();
    reading = new FindLikesHandler(activity.database.pool);
  });
  afterAll(() => activity?.close());

  const posted = () => activity.post(owner);

  async function liked(object: ObjectRef, ...users: number[]): Promise<void> {
    for (const id of users) await activity.liking.handle({ actor: user(id), object });
  }

  async function page(object: ObjectRef, limit: number, cursor?: string): Promise<LikesPage> {
    const answer: Answer<LikesPage> = await reading.handle({ object, limit, cursor });
    if (!answer.ok) throw new Error(answer.code);
    return answer.value;
  }

  /** The ids of the users, page by page; `meanwhile` runs after each page. */
  async function pages(object: ObjectRef, limit: number, meanwhile: () => Promise<void> = async () => undefined) {
    const ids: number[][] = [];
    let cursor: string | undefined;
    do {
      const { likes, next } = await page(object, limit, cursor);
      ids.push(likes.map(({ user_name }) => Number(user_name.slice('user-'.length))));
      cursor = next;
      await meanwhile();
    } while (cursor !== undefined);
    return ids;
  }

  it('are sorted newest first, with their times', async () => {
    const [object, other] = [await posted(), await posted()];
    await liked(object, 2, 3);
    await liked(other, 4, 2);
    const { rows } = await activity.database.pool.query(
      `SELECT ${sqlEventTime('time')} AS time FROM events
       WHERE stream IN (2, 3) AND data -> 'object' ->> 'id' = $1 ORDER BY events.time`,
      [object.id],
    );
    expect(await page(object, 50)).toEqual({
      likes: [
        { user_name: 'user-3', time: rows[1].time },
        { user_name: 'user-2', time: rows[0].time },
      ],
    });
    expect(await pages(other, 50)).toEqual([[2, 4]]);
  });

  it('are paged without gaps or duplicates while new likes are recorded', async () => {
    const object = await posted();
    await liked(object, 10, 11, 12, 13, 14, 15, 16);
    let newest = 20;
    expect(await pages(object, 3, () => liked(object, newest++))).toEqual([[16, 15, 14], [13, 12, 11], [10]]);
  });

  it('have no cursor after the last page', async () => {
    const object = await posted();
    await liked(object, 30, 31, 32, 33);
    expect(await pages(object, 2)).toEqual([
      [33, 32],
      [31, 30],
    ]);
    expect(await pages(object, 4)).toEqual([[33, 32, 31, 30]]);
  });

  it('are sorted by user when they have the same time', async () => {
    const object = await posted();
    await liked(object, 40, 41, 42, 43, 44);
    await activity.database.pool.query("UPDATE likes SET since = '2019-02-10T12:01:30.894037Z' WHERE object_id = $1", [
      object.id,
    ]);
    expect(await pages(object, 2)).toEqual([[44, 43], [42, 41], [40]]);
  });

  it('contain the users’ names from their newest events', async () => {
    const object = await posted();
    await activity.liking.handle({ actor: { ...user(50), name: 'before' }, object });
    await activity.posting.handle({ actor: { ...user(50), name: 'after' }, type: 'post', content: 'a' });
    expect((await page(object, 1)).likes).toEqual([{ user_name: 'after', time: expect.any(String) }]);
  });

  it('are empty for a new object, and OBJECT_NOT_FOUND for one that does not exist', async () => {
    const object = await posted();
    expect(await page(object, 50)).toEqual({ likes: [] });
    const unknown: ObjectRef = { type: 'post', id: object.id };
    expect(await reading.handle({ object: unknown, limit: 50 })).toEqual({ ok: false, code: 'OBJECT_NOT_FOUND' });
  });

  it('are refused for a malformed cursor', async () => {
    const object = await posted();
    for (const cursor of ['', 'x', '_'.repeat(16), 'A'.repeat(32)]) {
      expect(await reading.handle({ object, limit: 50, cursor })).toEqual({ ok: false, code: 'CURSOR_INVALID' });
    }
  });

  it('are refused or returned, without an error, for any forged cursor', async () => {
    const object = await posted();
    await liked(object, 2, 3);
    await fc.assert(
      fc.asyncProperty(forgedLikesCursors, async (cursor) => {
        const answer = await reading.handle({ object, limit: 1, cursor });
        if (!answer.ok) expect(answer.code).toBe('CURSOR_INVALID');
      }),
    );
  });

  it('are read in index order without a sort', async () => {
    const object = await posted();
    const fill =
      "INSERT INTO likes SELECT id, $1, $2, now() + id * interval '1 microsecond' FROM generate_series(1000, 9000) AS id";
    for (const { type, id } of [object, await posted()]) await activity.database.pool.query(fill, [type, id]);
    await activity.database.pool.query('ANALYZE likes');
    const { rows } = await activity.database.pool.query(`EXPLAIN ${LIKES.text}`, [
      object.type,
      object.id,
      'infinity',
      0,
      51,
    ]);
    const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
    expect(plan).toContain('Index Only Scan using likes_of_object');
    expect(plan).toContain('Index Scan Backward using events_stream_version_key');
    expect(plan).not.toContain('Sort');
  });
});

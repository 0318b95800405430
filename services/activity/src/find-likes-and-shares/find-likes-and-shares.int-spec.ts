import { type Answer, type ObjectRef, sqlEventTime, type User, type UserId } from '@activity-feed/contracts';
import fc from 'fast-check';
import { ActivityUnderTest } from '../../../../test/harness/activity-under-test';
import { forgedListCursors } from '../../../../test/harness/forged-cursors';
import { FindLikesAndSharesHandler, LISTS } from './find-likes-and-shares.handler';

const user = (id: number): User => ({ id: id as UserId, name: `user-${id}` });
const owner = user(1);

interface Page {
  entries: { user_name: string; user_id: UserId; time: string }[];
  next: string | undefined;
}

describe.each([
  { list: 'likes', prefix: '', time: 'since' },
  { list: 'shares', prefix: 's', time: 'time' },
] as const)('the $list of an object', ({ list, prefix, time }) => {
  let activity: ActivityUnderTest;
  let reading: FindLikesAndSharesHandler;

  beforeAll(async () => {
    activity = await ActivityUnderTest.open();
    reading = new FindLikesAndSharesHandler(activity.database.pool);
  });
  afterAll(() => activity?.close());

  const posted = () => activity.post(owner);

  /** Likes or shares the object. */
  const act = (actor: User, object: ObjectRef) =>
    list === 'likes' ? activity.liking.handle({ actor, object }) : activity.share(actor, object);

  async function actedOn(object: ObjectRef, ...users: number[]): Promise<void> {
    for (const id of users) await act(user(id), object);
  }

  const removed = (object: ObjectRef, of: number) =>
    activity.undoing[list === 'likes' ? 'unlike' : 'unshare']({ actor: user(of), object });

  const read = (object: ObjectRef, limit: number, cursor?: string) =>
    reading[list]({ object, limit, cursor, identified: true }) as Promise<Answer<Record<string, unknown>>>;

  async function page(object: ObjectRef, limit: number, cursor?: string): Promise<Page> {
    const answer = await read(object, limit, cursor);
    if (!answer.ok) throw new Error(answer.code);
    const { [list]: entries, next, ...rest } = answer.value;
    expect(rest).toEqual({});
    const listed = entries as (Page['entries'][number] & { cursor: string })[];
    // Each begins the entries after it; the last one is the page's.
    if (next !== undefined) expect(next).toBe(listed.at(-1)?.cursor);
    return { entries: listed.map(({ cursor: _, ...entry }) => entry), next } as Page;
  }

  /** The ids of the users, page by page; `meanwhile` runs after each page. */
  async function pages(
    object: ObjectRef,
    limit: number,
    meanwhile: (pagesRead: number) => Promise<unknown> = async () => undefined,
  ) {
    const ids: number[][] = [];
    let cursor: string | undefined;
    do {
      const { entries, next } = await page(object, limit, cursor);
      ids.push(entries.map(({ user_name }) => Number(user_name.slice('user-'.length))));
      cursor = next;
      await meanwhile(ids.length);
    } while (cursor !== undefined);
    return ids;
  }

  it('are sorted newest first, with their times', async () => {
    const [object, other] = [await posted(), await posted()];
    await actedOn(object, 2, 3);
    await actedOn(other, 4, 2);
    const { rows } = await activity.database.pool.query(
      `SELECT ${sqlEventTime('time')} AS time FROM events
       WHERE stream IN (2, 3) AND data -> 'object' ->> 'id' = $1 ORDER BY events.time`,
      [object.id],
    );
    expect(await page(object, 50)).toEqual({
      entries: [
        { user_name: 'user-3', user_id: 3, time: rows[1].time },
        { user_name: 'user-2', user_id: 2, time: rows[0].time },
      ],
    });
    expect(await pages(other, 50)).toEqual([[2, 4]]);
  });

  it('contain only their kind', async () => {
    const object = await posted();
    await activity.liking.handle({ actor: user(60), object });
    await activity.share(user(61), object);
    expect(await pages(object, 50)).toEqual(list === 'likes' ? [[60]] : [[61]]);
  });

  it(`have ${list === 'likes' ? 'one entry' : 'an entry for each time'} if a user repeats it`, async () => {
    const object = await posted();
    await actedOn(object, 2, 2, 3, 2);
    expect(await pages(object, 50)).toEqual([list === 'likes' ? [3, 2] : [2, 3, 2, 2]]);
  });

  it('are paged without gaps or duplicates while new ones are recorded', async () => {
    const object = await posted();
    await actedOn(object, 10, 11, 12, 13, 14, 15, 16);
    let newest = 20;
    expect(await pages(object, 3, () => actedOn(object, newest++))).toEqual([[16, 15, 14], [13, 12, 11], [10]]);
  });

  it('are paged without gaps or duplicates while some are removed, even the one at a cursor', async () => {
    const object = await posted();
    await actedOn(object, 70, 71, 72, 73, 74, 75, 76, 77);
    const removals = [[76], [73, 72, 70]];
    const meanwhile = async (pagesRead: number) => {
      for (const id of removals[pagesRead - 1] ?? []) await removed(object, id);
    };
    expect(await pages(object, 2, meanwhile)).toEqual([[77, 76], [75, 74], [71]]);
  });

  it('end with an empty page if everything after a cursor is removed', async () => {
    const object = await posted();
    await actedOn(object, 80, 81, 82);
    expect(await pages(object, 2, () => removed(object, 80))).toEqual([[82, 81], []]);
  });

  it('list a user who is removed and added again only at the new position', async () => {
    const object = await posted();
    await actedOn(object, 90, 91, 92, 93);
    const meanwhile = async (pagesRead: number) => {
      if (pagesRead > 1) return;
      await removed(object, 90);
      await actedOn(object, 90);
    };
    expect(await pages(object, 2, meanwhile)).toEqual([[93, 92], [91]]);
    expect(await pages(object, 50)).toEqual([[90, 93, 92, 91]]);
  });

  it('have no cursor after the last page', async () => {
    const object = await posted();
    await actedOn(object, 30, 31, 32, 33);
    expect(await pages(object, 2)).toEqual([
      [33, 32],
      [31, 30],
    ]);
    expect(await pages(object, 4)).toEqual([[33, 32, 31, 30]]);
  });

  it('are sorted by user when they have the same time', async () => {
    const object = await posted();
    await actedOn(object, 40, 41, 42, 43, 44);
    await activity.database.pool.query(
      `UPDATE ${list} SET ${time} = '2019-02-10T12:01:30.894037Z' WHERE object_id = $1`,
      [object.id],
    );
    expect(await pages(object, 2)).toEqual([[44, 43], [42, 41], [40]]);
  });

  it('contain the users’ names from their newest events', async () => {
    const object = await posted();
    await act({ ...user(50), name: 'before' }, object);
    await activity.posting.handle({ actor: { ...user(50), name: 'after' }, type: 'post', content: 'a' });
    expect((await page(object, 1)).entries).toMatchObject([{ user_name: 'after' }]);
  });

  it('are empty for a new object, and OBJECT_NOT_FOUND for one that does not exist', async () => {
    const object = await posted();
    expect(await page(object, 50)).toEqual({ entries: [] });
    const unknown: ObjectRef = { type: 'post', id: object.id };
    expect(await read(unknown, 50)).toEqual({ ok: false, code: 'OBJECT_NOT_FOUND' });
  });

  it('are refused for a malformed cursor', async () => {
    const object = await posted();
    for (const cursor of ['', 'x', '_'.repeat(16), 'A'.repeat(17), 'A'.repeat(32)]) {
      expect(await read(object, 50, cursor)).toEqual({ ok: false, code: 'CURSOR_INVALID' });
    }
  });

  it('are refused or returned, without an error, for any forged cursor', async () => {
    const object = await posted();
    await actedOn(object, 2, 3);
    await fc.assert(
      fc.asyncProperty(forgedListCursors, async (cursor) => {
        const answer = await read(object, 1, prefix + cursor);
        if (!answer.ok) expect(answer.code).toBe('CURSOR_INVALID');
      }),
    );
  });

  it('are read in index order without a sort', async () => {
    const object = await posted();
    const fill = `
      INSERT INTO ${list} (user_id, object_type, object_id, event_id, version, ${time})
      SELECT id, $1, $2, gen_random_uuid(), 1, now() + id * interval '1 microsecond'
      FROM generate_series(1000, 9000) AS id`;
    for (const { type, id } of [object, await posted()]) await activity.database.pool.query(fill, [type, id]);
    await activity.database.pool.query(`ANALYZE ${list}`);
    const { rows } = await activity.database.pool.query(`EXPLAIN ${LISTS[list].text}`, [
      object.type,
      object.id,
      'infinity',
      0,
      51,
    ]);
    const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
    expect(plan).toContain(`Index Only Scan using ${list}_of_object`);
    expect(plan).toContain('Index Scan Backward using events_stream_version_key');
    expect(plan).not.toContain('Sort');
  });
});

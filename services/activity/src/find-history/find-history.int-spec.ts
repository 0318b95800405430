import { type HistoryPage, type ObjectRef, sqlEventTime, type User, type UserId } from '@activity-feed/contracts';
import { ActivityUnderTest } from '../../../../test/harness/activity-under-test';
import { EditObjectHandler } from '../edit-object/edit-object.handler';
import { FindHistoryHandler, HISTORY } from './find-history.handler';

const owner: User = { id: 1 as UserId, name: 'owner' };
describe('the history of an object', () => {
  let activity: ActivityUnderTest;
  let editing: EditObjectHandler;
  let reading: FindHistoryHandler;

  beforeAll(async () => {
    activity = await ActivityUnderTest.open();
    editing = new EditObjectHandler(activity.events, activity.knownObjects);
    reading = new FindHistoryHandler(activity.database.pool);
  });
  afterAll(() => activity?.close());

  /** A photo with `versions` versions, whose contents are their numbers. */
  async function photo(versions: number): Promise<ObjectRef> {
    const object = await activity.post(owner, 'photo', '1');
    for (let version = 2; version <= versions; version++) await edit(object, `${version}`);
    return object;
  }

  const edit = (object: ObjectRef, content: string) => editing.handle({ actor: owner, object, content });

  async function page(object: ObjectRef, limit: number, cursor?: string): Promise<HistoryPage> {
    const answer = await reading.handle({ object, limit, cursor });
    if (!answer.ok) throw new Error(answer.code);
    return answer.value;
  }

  /** The contents, page by page; `meanwhile` runs after each page. */
  async function pages(object: ObjectRef, limit: number, meanwhile = async (): Promise<unknown> => undefined) {
    const contents: string[][] = [];
    let cursor: string | undefined;
    do {
      const { versions, next } = await page(object, limit, cursor);
      expect(versions.every(({ version, content }) => content === String(version))).toBe(true);
      contents.push(versions.map(({ content }) => content));
      cursor = next;
      await meanwhile();
    } while (cursor !== undefined);
    return contents;
  }

  it('has the first version and every edit, oldest first, with the times of the events', async () => {
    const object = await photo(3);
    const { rows } = await activity.database.pool.query(
      `SELECT ${sqlEventTime('time')} AS time FROM events WHERE data -> 'object' ->> 'id' = $1 ORDER BY version`,
      [object.id],
    );
    expect(await page(object, 50)).toEqual({
      versions: [1, 2, 3].map((version) => ({ version, content: `${version}`, time: rows[version - 1].time })),
    });
  });

  it('is paged, without a cursor after the last page', async () => {
    const object = await photo(5);
    expect(await pages(object, 2)).toEqual([['1', '2'], ['3', '4'], ['5']]);
    expect(await pages(object, 5)).toEqual([['1', '2', '3', '4', '5']]);
    expect(await pages(object, 4)).toEqual([['1', '2', '3', '4'], ['5']]);
    expect(await pages(object, 1)).toEqual([['1'], ['2'], ['3'], ['4'], ['5']]);
  });

  it('ends a page when its contents reach 1 MB, and continues there', async () => {
    const object = await photo(1);
    await activity.database.pool.query(
      `INSERT INTO object_versions SELECT $1, $2, version, repeat('a', 300000), now() FROM generate_series(1, 6) AS version`,
      [object.type, object.id],
    );
    await activity.database.pool.query('UPDATE objects SET revision = 7 WHERE type = $1 AND id = $2', [
      object.type,
      object.id,
    ]);
    const first = await page(object, 50);
    expect(first.versions.map(({ version }) => version)).toEqual([1, 2, 3, 4]);
    const { versions, next } = await page(object, 50, first.next);
    expect([versions.map(({ version }) => version), next]).toEqual([[5, 6, 7], undefined]);
  });

  it('is paged without gaps or duplicates while the object is edited', async () => {
    const object = await photo(4);
    let version = 5;
    const meanwhile = () => edit(object, String(version++));
    expect(await pages(object, 2, meanwhile)).toEqual([
      ['1', '2'],
      ['3', '4'],
      ['5', '6'],
    ]);
  });

  it('is complete in every read while the object is edited', async () => {
    const object = await photo(1);
    let done = false;
    const reader = async () => {
      while (!done) {
        const { versions } = await page(object, 200);
        expect(versions.map(({ version }) => version)).toEqual(versions.map((_, index) => index + 1));
      }
    };
    const readers = Promise.all([reader(), reader()]);
    for (let version = 2; version <= 60; version++) await edit(object, `${version}`);
    done = true;
    await readers;
    expect((await page(object, 200)).versions).toHaveLength(60);
  });

  it('is empty after its end, and OBJECT_NOT_FOUND for an object that does not exist', async () => {
    const object = await photo(3);
    const { next: cursor } = await page(await photo(4), 3);
    expect(await page(object, 3, cursor)).toEqual({ versions: [] });
    const unknown: ObjectRef = { type: 'post', id: object.id };
    expect(await reading.handle({ object: unknown, limit: 3 })).toEqual({ ok: false, code: 'OBJECT_NOT_FOUND' });
    expect(await reading.handle({ object: unknown, limit: 3, cursor })).toEqual({
      ok: false,
      code: 'OBJECT_NOT_FOUND',
    });
  });

  it('is refused for a malformed cursor', async () => {
    const object = await photo(1);
    for (const cursor of ['', 'x', '_'.repeat(8), 'A'.repeat(8), 'A'.repeat(16)]) {
      expect(await reading.handle({ object, limit: 50, cursor })).toEqual({ ok: false, code: 'CURSOR_INVALID' });
    }
  });

  it('is read from the primary key, only as far as the page', async () => {
    const object = await photo(1);
    await activity.database.pool.query(
      `INSERT INTO object_versions SELECT $1, $2, version, 'text', now() FROM generate_series(1, 20000) AS version`,
      [object.type, object.id],
    );
    await activity.database.pool.query('UPDATE objects SET revision = 20001 WHERE type = $1 AND id = $2', [
      object.type,
      object.id,
    ]);
    await activity.database.pool.query('ANALYZE object_versions');
    const { rows } = await activity.database.pool.query(`EXPLAIN ANALYZE ${HISTORY.text}`, [
      object.type,
      object.id,
      10_000,
      51,
      owner.id,
    ]);
    const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
    expect(plan).toMatch(/Index Scan using object_versions_pkey .* rows=51(\.00)? loops=1/);
    expect(plan).not.toContain('Seq Scan on object_versions');
  });
});

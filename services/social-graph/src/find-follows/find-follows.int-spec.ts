import type { FollowList, UserId } from '@activity-feed/contracts';
import { createTestDatabase, type TestDatabase } from '../../../../test/harness/test-database';
import { migrations } from '../database/migrations';
import { FindFollowsHandler } from './find-follows.handler';

const READER = 1 as UserId;
/** The user with the lists; nobody follows the second. */
const [STAR, LONER] = ['user-2', 'user-3'];
const USERS = 12;

/** Several follows at the same time, which users break. */
const FILL = `
INSERT INTO users (id, name, created_at, updated_at)
SELECT id, 'user-' || id, now(), now() FROM generate_series(1, ${USERS}) AS id;
INSERT INTO follows
SELECT id, 2, '2019-02-10 12:00Z'::timestamptz + (id / 3) * interval '1 microsecond' FROM generate_series(4, ${USERS}) AS id;
INSERT INTO follows
SELECT 2, id, '2019-02-10 13:00Z'::timestamptz + id * interval '1 microsecond' FROM generate_series(4, ${USERS}) AS id`;

describe('the followers and followees of a user', () => {
  let database: TestDatabase;
  let handler: FindFollowsHandler;
  beforeAll(async () => {
    database = await createTestDatabase('postgres', migrations);
    await database.pool.query(FILL);
    handler = new FindFollowsHandler(database.pool);
  });
  afterAll(() => database?.drop());

  const find = (list: FollowList, name: string, limit: number, cursor?: string) =>
    handler.handle({ list, name, reader: READER, limit, cursor });

  async function pages(list: FollowList, limit: number, between = async () => {}): Promise<string[][]> {
    const pages: string[][] = [];
    let cursor: string | undefined;
    do {
      const answer = await find(list, STAR, limit, cursor);
      if (!answer.ok) throw new Error(answer.code);
      pages.push(answer.value.users.map(({ name }) => name));
      cursor = answer.value.next;
      await between();
    } while (cursor !== undefined);
    return pages;
  }

  const newestFirst = Array.from({ length: USERS - 3 }, (_, index) => `user-${USERS - index}`);

  it.each(['followers', 'following'] as const)('of %s are read in pages, newest first', async (list) => {
    for (const limit of [1, 2, 4, 8, 9, 10]) {
      const found = await pages(list, limit);
      expect(found.flat()).toEqual(newestFirst);
      expect(found).toHaveLength(Math.ceil(newestFirst.length / limit));
    }
  });

  it('keep their place while others come and go', async () => {
    const remove = () => database.pool.query('DELETE FROM follows WHERE follower_id = 9 AND followee_id = 2');
    const found = await pages('followers', 3, async () => void (await remove()));
    expect(found.flat()).toEqual(newestFirst.filter((name) => name !== 'user-9'));
  });

  it('are without users across a block, and not found across one', async () => {
    const block = (blocker: number, blocked: number) =>
      database.pool.query('INSERT INTO blocks VALUES ($1, $2, now())', [blocker, blocked]);
    await block(READER, 8);
    await block(6, READER);
    const shown = newestFirst.filter((name) => !['user-8', 'user-6', 'user-9'].includes(name));
    expect((await pages('followers', 2)).flat()).toEqual(shown);
    await block(2, READER);
    expect(await find('followers', STAR, 2)).toEqual({ ok: false, code: 'USER_NOT_FOUND' });
    await database.pool.query('DELETE FROM blocks');
  });

  it('are empty for a user without any', async () => {
    for (const list of ['followers', 'following'] as const) {
      expect(await find(list, LONER, 5)).toEqual({ ok: true, value: { users: [], next: undefined } });
    }
  });

  it('are refused for nobody, and with the cursor of another list', async () => {
    expect(await find('followers', 'nobody', 5)).toEqual({ ok: false, code: 'USER_NOT_FOUND' });
    const first = await find('followers', STAR, 1);
    const cursor = first.ok ? first.value.next : undefined;
    expect(await find('following', STAR, 1, cursor)).toEqual({ ok: false, code: 'CURSOR_INVALID' });
    expect(await find('followers', STAR, 1, 'x')).toEqual({ ok: false, code: 'CURSOR_INVALID' });
  });

  it('are found by an index, however many there are', async () => {
    // Followers of everybody, in no order of time.
    await database.pool.query(`
      INSERT INTO users (id, name, created_at, updated_at)
      SELECT id, 'user-' || id, now(), now() FROM generate_series(101, 5100) AS id;
      INSERT INTO follows SELECT id, followee, '2020-01-01Z'::timestamptz + (id * 7919 % 5000) * interval '1 s'
      FROM generate_series(101, 5100) AS id, unnest(ARRAY[2, 3]) AS followee;
      ANALYZE follows, users`);
    const statements: { text: string }[] = [];
    const query = async (statement: { text: string }) => {
      statements.push(statement);
      return { rows: [] };
    };
    const watched = new FindFollowsHandler({ query } as never);
    await watched.handle({ list: 'followers', name: STAR, reader: READER, limit: 10 });
    const { rows } = await database.pool.query(`EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${statements[0]?.text}`, [
      STAR,
      'infinity',
      0,
      11,
      READER,
    ]);
    expect(rows[0]['QUERY PLAN'][0].Plan['Shared Hit Blocks']).toBeLessThan(150);
  });
});

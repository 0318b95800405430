import type { UserId } from '@activity-feed/contracts';
import { createTestDatabase, type TestDatabase } from '../../../../test/harness/test-database';
import { migrations } from '../database/migrations';
import { FindNamesHandler } from './find-names.handler';

const READER = 1_000 as UserId;
/** In the order of their characters' codes, unlike in most languages. */
const NAMES = ['ni', 'ni-', 'ni.co', 'ni0', 'ni_co', 'nico', 'nico2', 'nina', 'nj'];

describe('the users whose names begin with a text', () => {
  let database: TestDatabase;
  let handler: FindNamesHandler;
  beforeAll(async () => {
    database = await createTestDatabase('postgres', migrations);
    await database.pool.query(
      `INSERT INTO users (id, name, created_at, updated_at)
       SELECT place, name, now(), now() FROM unnest($1::text[]) WITH ORDINALITY AS name(name, place)`,
      [NAMES.toReversed()],
    );
    handler = new FindNamesHandler(database.pool);
  });
  afterAll(() => database?.drop());

  async function whole(prefix: string, limit: number): Promise<string[]> {
    const names: string[] = [];
    let cursor: string | undefined;
    do {
      const answer = await handler.handle({ prefix, reader: READER, limit, cursor });
      if (!answer.ok) throw new Error(answer.code);
      names.push(...answer.value.names);
      cursor = answer.value.next;
    } while (cursor !== undefined);
    return names;
  }

  it.each(['n', 'ni', 'ni.', 'nic', 'nico', 'ni_', 'nina', 'x', 'ni-c'])('%s', async (prefix) => {
    const expected = NAMES.filter((name) => name.startsWith(prefix));
    for (const limit of [1, 2, 9]) expect(await whole(prefix, limit)).toEqual(expected);
  });

  it('are those who do not block the reader', async () => {
    await database.pool.query("INSERT INTO blocks SELECT id, $1, now() FROM users WHERE name = 'nico'", [READER]);
    await database.pool.query("INSERT INTO blocks SELECT $1, id, now() FROM users WHERE name = 'nina'", [READER]);
    expect(await whole('ni', 2)).toEqual(NAMES.filter((name) => name.startsWith('ni') && name !== 'nico'));
  });

  it('are refused with a cursor that is no name', async () => {
    expect(await handler.handle({ prefix: 'n', reader: READER, limit: 1, cursor: 'Ni co' })).toEqual({
      ok: false,
      code: 'CURSOR_INVALID',
    });
  });
});

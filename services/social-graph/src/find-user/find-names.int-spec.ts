import { createTestDatabase, type TestDatabase } from '../../../../test/harness/test-database';
import { migrations } from '../database/migrations';
import { FindNamesHandler } from './find-names.handler';

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
      const answer = await handler.handle({ prefix, limit, cursor });
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

  it('are refused with a cursor that is no name', async () => {
    expect(await handler.handle({ prefix: 'n', limit: 1, cursor: 'Ni co' })).toEqual({
      ok: false,
      code: 'CURSOR_INVALID',
    });
  });
});

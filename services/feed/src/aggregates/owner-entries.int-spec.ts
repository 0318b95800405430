import { VERBS, type Verb } from '@activity-feed/contracts';
import { createTestDatabase, type TestDatabase } from '../../../../test/harness/test-database';
import { ENTRIES, visitEntries } from './owner-entries';

/** Uses all four bytes of an id. */
const idOf = (place: number) => 2 ** 31 - 1 - place;

describe('the entries of an owner', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createTestDatabase('timescaledb', []);
  });
  afterAll(() => database.drop());

  const aggregated = async (rows: readonly (readonly [actor: number, verb: string])[]) => {
    const found = await database.pool.query<{ entries: Buffer | null }>(
      `SELECT ${ENTRIES} AS entries FROM unnest($1::int[], $2::text[]) AS one (actor_id, verb)`,
      [rows.map(([actor]) => actor), rows.map(([, verb]) => verb)],
    );
    return found.rows[0]?.entries ?? null;
  };
  const visited = (entries: Buffer | null, actors: readonly number[]) => {
    const found: [number, Verb][] = [];
    visitEntries(entries as Buffer, new Set(actors), (actor, verb) => found.push([actor, verb]));
    return found.sort(([a], [b]) => a - b);
  };

  it('have the actor and the verb of each activity', async () => {
    const rows = VERBS.map((verb, place) => [idOf(place), verb] as const).reverse();
    const [, last] = rows;
    const entries = await aggregated([...rows, ...(last ? [last] : [])]);
    const wanted = VERBS.map((_, place) => idOf(place));
    expect(visited(entries, wanted)).toEqual(rows.flatMap((row) => (row === last ? [row, row] : [row])));
    expect(visited(entries, [idOf(0)])).toEqual([[idOf(0), VERBS[0]]]);
  });

  it('leave unknown verbs out', async () => {
    const entries = await aggregated([
      [7, 'like'],
      [8, 'teleport'],
    ]);
    expect(visited(entries, [7, 8])).toEqual([[7, 'like']]);
    expect(await aggregated([[8, 'teleport']])).toBeNull();
    expect(visited(Buffer.from([0, 0, 0, 7, 255]), [7])).toEqual([]);
  });
});

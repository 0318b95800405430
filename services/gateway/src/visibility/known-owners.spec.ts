import type { ObjectRef } from '@activity-feed/contracts';
import type { Services } from '../services/services';
import { KnownOwners } from './known-owners';

const photo = (id: number): ObjectRef => ({ type: 'photo', id });

describe('the owners of objects', () => {
  /** Each photo belongs to the user with its id; those above 1,000,000 do not exist. */
  const ask = jest.fn(async (_message: unknown, { objects }: { objects: ObjectRef[] }) =>
    objects.map(({ id }) => (id > 1_000_000 ? null : [id])),
  );
  const asked = () => ask.mock.calls.map(([, { objects }]) => objects.map(({ id }) => id));
  beforeEach(() => ask.mockClear());

  it('are looked up once, and for objects that do not exist each time', async () => {
    const owners = new KnownOwners({ ask } as Partial<Services> as Services);
    expect(await owners.of([photo(1), photo(2_000_000)])).toEqual([[1], undefined]);
    expect(await owners.of([photo(2), photo(1), photo(2_000_000)])).toEqual([[2], [1], undefined]);
    expect(await owners.of([photo(1), photo(2)])).toEqual([[1], [2]]);
    expect(asked()).toEqual([
      [1, 2_000_000],
      [2, 2_000_000],
    ]);
  });

  it('are returned even if the same look-up evicts them from the cache', async () => {
    const owners = new KnownOwners({ ask } as Partial<Services> as Services);
    await owners.of([photo(1)]);
    const many = Array.from({ length: 100_000 }, (_, place) => photo(place + 2));
    expect((await owners.of([photo(1), ...many]))[0]).toEqual([1]);
  });
});

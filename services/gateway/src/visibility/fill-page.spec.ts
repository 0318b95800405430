import type { UserId } from '@activity-feed/contracts';
import { fillPage } from './fill-page';

interface Entry {
  user_id: UserId;
  cursor: string;
}

/** A list of users; the cursor of each is its place. */
const listOf = (users: number[]): Entry[] =>
  users.map((user, place) => ({ user_id: user as UserId, cursor: `${place}` }));

/** Reads a list in which the users 0 are hidden; `longest` is how many entries a part has at most. */
function reader(users: number[], longest = Number.POSITIVE_INFINITY) {
  const list = listOf(users);
  const read = jest.fn(async (count: number, cursor: string | undefined) => {
    const from = cursor === undefined ? 0 : Number(cursor) + 1;
    const entries = list.slice(from, from + Math.min(count, longest));
    const isLast = from + entries.length >= list.length;
    return { entries, next: isLast ? undefined : entries.at(-1)?.cursor };
  });
  const show = async (entries: Entry[]) => entries.filter(({ user_id }) => user_id !== 0);
  const page = async (limit: number, cursor?: string) => {
    const { entries, next } = await fillPage({ limit, cursor }, read, show);
    return { users: entries.map(({ user_id }) => user_id), next };
  };
  const all = async (limit: number) => {
    const pages: number[][] = [];
    let cursor: string | undefined;
    do {
      const { users, next } = await page(limit, cursor);
      pages.push(users);
      cursor = next;
    } while (cursor !== undefined);
    return pages;
  };
  return { read, page, all };
}

const many = (count: number, user: number) => Array<number>(count).fill(user);

describe('a page without hidden entries', () => {
  it('is read at once if nothing is hidden', async () => {
    const { read, page } = reader([1, 2, 3, 4]);
    expect(await page(3)).toEqual({ users: [1, 2, 3], next: '2' });
    expect(read.mock.calls).toEqual([[4, undefined]]);
  });

  it.each([
    [[1, 0, 2, 0, 3], 2, [[1, 2], [3]]],
    [[1, 2, 0, 0], 2, [[1, 2]]],
    [[0, 0, 0, 1, 2, 3, 0], 3, [[1, 2, 3]]],
    [[0, 0, 0], 2, [[]]],
    [[], 2, [[]]],
    [[1, 0, 0, 0, 0, 2, 3, 4], 1, [[1], [2], [3], [4]]],
  ])('is full whatever is hidden, and no page is empty but the only one: %j by %i', async (users, limit, pages) => {
    expect(await reader(users).all(limit)).toEqual(pages);
  });

  it('reads more at once after a part without visible entries', async () => {
    const { read, page } = reader([...many(1_000, 0), 1, 2]);
    expect(await page(1)).toEqual({ users: [1], next: '1000' });
    expect(read.mock.calls.length).toBeLessThan(8);
  });

  it('ends early where the list does, because contents are long', async () => {
    const { all, page } = reader([1, 0, 2, 3, 0, 0, 4], 2);
    expect(await page(3)).toEqual({ users: [1], next: '1' });
    expect(await all(3)).toEqual([[1], [2, 3], [4]]);
  });
});

import { ObjectTable, SLOTS_MOVED_PER_ADD } from './object-table';

interface Counts {
  owner: number;
  likes: number;
  shares: number;
}

/** Places in ENGAGEMENTS. */
const [LIKES, SHARES] = [0, 1];

describe('a table of objects', () => {
  let table: ObjectTable;
  /** What the table should have, by plain counting. */
  let model: Map<number, Counts>;
  let seed: number;

  beforeEach(() => {
    table = new ObjectTable();
    model = new Map();
    seed = 1;
  });
  afterEach(() => jest.restoreAllMocks());

  const random = (below: number) => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed % below;
  };
  const add = (key: number, what: 'likes' | 'shares' = 'likes') => {
    const counts = model.get(key) ?? { owner: key % 1_000, likes: 0, shares: 0 };
    counts[what]++;
    model.set(key, counts);
    table.add(key, key % 1_000, what === 'likes' ? LIKES : SHARES);
  };
  const subtract = (key: number, likes: number, shares: number) => {
    const counts = model.get(key) as Counts;
    counts.likes -= likes;
    counts.shares -= shares;
    if (counts.likes + counts.shares === 0) model.delete(key);
    table.subtract(key, [likes, shares]);
  };
  const given = () => {
    const found: [number, number, number][] = [];
    table.forEach((key, [likes = 0, shares = 0]) => {
      found.push([key, likes, shares]);
    });
    return found.sort(([a], [b]) => a - b);
  };
  const expected = () =>
    [...model].map(([key, { likes, shares }]) => [key, likes, shares]).sort(([a = 0], [b = 0]) => a - b);
  /** Says how many keys a call computes hashes of, each by two multiplications. */
  const hashCounter = () => {
    let multiplications = 0;
    const multiply = Math.imul;
    jest.spyOn(Math, 'imul').mockImplementation((a, b) => {
      multiplications++;
      return multiply(a, b);
    });
    return (call: () => void) => {
      multiplications = 0;
      call();
      return multiplications / 2;
    };
  };

  it('counts as a map does over random operations, while it grows and shrinks too', () => {
    // Moves that take long, so that much happens meanwhile.
    table = new ObjectTable(8);
    let stepsOnTheMove = 0;
    const wrong: number[] = [];
    for (let step = 0; step < 50_000; step++) {
      if (table.unmoved > 0) stepsOnTheMove++;
      // Five thousand steps that rather add, then as many that rather take away.
      const adds = Math.floor(step / 5_000) % 2 === 0 ? 9 : 2;
      const key = 1 + random(30_000) + random(2) * 2 ** 40;
      const known = model.get(key);
      if (!known || random(10) < adds) {
        if (!known && adds < 9 && random(4) > 0) continue;
        add(key, random(3) > 0 ? 'likes' : 'shares');
      } else {
        const isAll = random(4) > 0;
        subtract(key, isAll ? known.likes : Math.min(known.likes, 1), isAll ? known.shares : 0);
        if (random(50) === 0) table.shrink();
      }
      const looked = 1 + random(30_000) + random(2) * 2 ** 40;
      const [likes = 0, shares = 0] = table.get(looked)?.counts ?? [];
      const { likes: liked = 0, shares: shared = 0 } = model.get(looked) ?? {};
      if (likes !== liked || shares !== shared) wrong.push(looked);
      if (step % 4_999 === 0) expect(given()).toEqual(expected());
    }
    expect(wrong).toEqual([]);
    expect(given()).toEqual(expected());
    expect([...model.keys()].map((key) => table.get(key))).toEqual(
      [...model.values()].map(({ owner, likes, shares }) => ({ owner, counts: [likes, shares] })),
    );
    // It was not by luck that no move was met.
    expect(stepsOnTheMove).toBeGreaterThan(2_500);
  });

  it('moves no more than a few slots in a call, however many objects it has', () => {
    const objects = 100_000;
    const hashed = hashCounter();
    let most = 0;
    for (let key = 1; key <= objects; key++)
      most = Math.max(
        most,
        hashed(() => add(key)),
      );
    for (let key = 1; key < objects; key++)
      most = Math.max(
        most,
        hashed(() => subtract(key, 1, 0)),
      );
    const { slots } = table;
    expect(hashed(() => table.shrink())).toBe(0);
    let calls = 0;
    for (; table.unmoved > 0; calls++)
      most = Math.max(
        most,
        hashed(() => add(objects)),
      );
    // Its own key, looked for among two sizes, and those that move.
    expect(most).toBeLessThanOrEqual(SLOTS_MOVED_PER_ADD + 1);
    expect(calls).toBeGreaterThanOrEqual(slots / SLOTS_MOVED_PER_ADD);
    expect(table.bytes).toBeLessThan(1_000);
    expect(given()).toEqual([[objects, 1 + calls, 0]]);
  });

  it('has some of its objects in each range of slots, each object once, in the middle of a move too', () => {
    for (let key = 1; table.unmoved < 3 * SLOTS_MOVED_PER_ADD || key < 500; key++) add(key);
    add(1);
    expect(table.unmoved).toBeGreaterThan(0);
    const found: number[][] = [];
    for (let slot = 0; slot < table.slots; slot += 7) {
      table.forSlots(slot, Math.min(slot + 7, table.slots), (key, counts) => found.push([key, ...counts]));
    }
    expect(found.sort(([a = 0], [b = 0]) => a - b)).toEqual(expected());
  });
});

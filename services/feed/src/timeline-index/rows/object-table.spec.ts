import { ObjectTable, SLOTS_MOVED_PER_ADD } from './object-table';

interface Counts {
  owner: number;
  likes: number;
  shares: number;
}

/** Indexes in ENGAGEMENTS. */
const [LIKES, SHARES] = [0, 1];

describe('a table of objects', () => {
  let table: ObjectTable;
  /** The expected counts. */
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
    table.subtract(key, [likes, shares, 0]);
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
  /** Counts the hashes that a call computes, each by two multiplications. */
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

  it('counts like a map over random operations, even while it grows and shrinks', () => {
    // Few slots per add, so that many operations meet a move.
    table = new ObjectTable(8);
    let stepsOnTheMove = 0;
    const wrong: number[] = [];
    for (let step = 0; step < 50_000; step++) {
      if (table.unmoved > 0) stepsOnTheMove++;
      // Alternately 5,000 steps that mostly add and 5,000 that mostly subtract.
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
      [...model.values()].map(({ owner, likes, shares }) => ({ owner, counts: [likes, shares, 0] })),
    );
    // Many operations did meet a move.
    expect(stepsOnTheMove).toBeGreaterThan(2_500);
  });

  it('moves a limited number of slots per call, however many objects it has', () => {
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
    // One for the added key, the others for moved slots.
    expect(most).toBeLessThanOrEqual(SLOTS_MOVED_PER_ADD + 1);
    expect(calls).toBeGreaterThanOrEqual(slots / SLOTS_MOVED_PER_ADD);
    expect(table.bytes).toBeLessThan(1_000);
    expect(given()).toEqual([[objects, 1 + calls, 0]]);
  });

  it('visits each object once when visiting slots range by range, even during a move', () => {
    for (let key = 1; table.unmoved < 3 * SLOTS_MOVED_PER_ADD || key < 500; key++) add(key);
    add(1);
    expect(table.unmoved).toBeGreaterThan(0);
    const found: number[][] = [];
    for (let slot = 0; slot < table.slots; slot += 7) {
      table.forSlots(slot, Math.min(slot + 7, table.slots), (key, counts) => found.push([key, ...counts.slice(0, 2)]));
    }
    expect(found.sort(([a = 0], [b = 0]) => a - b)).toEqual(expected());
  });
});

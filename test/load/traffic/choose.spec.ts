import { byShare, type Random, uniform, zipf } from './choose.ts';

const DRAWS = 10_000;

/** Each number of an even grid, once. */
const everyNumber = (): Random => {
  let next = 0;
  return () => next++ / DRAWS;
};

function shares<T>(choose: () => T): Map<T, number> {
  const counts = new Map<T, number>();
  for (let draw = 0; draw < DRAWS; draw++) {
    const chosen = choose();
    counts.set(chosen, (counts.get(chosen) ?? 0) + 1 / DRAWS);
  }
  return counts;
}

describe('zipf', () => {
  it('chooses the k-th item 1/k times as often as the first', () => {
    const found = shares(zipf(4, everyNumber()));
    const sum = 1 + 1 / 2 + 1 / 3 + 1 / 4;
    for (const rank of [0, 1, 2, 3]) expect(found.get(rank)).toBeCloseTo(1 / (rank + 1) / sum, 3);
  });

  it('stays in range for the smallest and largest random numbers', () => {
    expect(zipf(3, () => 0)()).toBe(0);
    expect(zipf(3, () => 1 - Number.EPSILON / 2)()).toBe(2);
  });
});

describe('uniform', () => {
  it('chooses all items equally often', () => {
    for (const share of shares(uniform(4, everyNumber())).values()) expect(share).toBeCloseTo(0.25, 3);
  });
});

describe('byShare', () => {
  it('chooses items by weight, and never one of weight zero', () => {
    const choose = byShare(
      [
        ['never', 0],
        ['read', 90],
        ['write', 10],
      ],
      everyNumber(),
    );
    const found = shares(choose);
    expect(found.get('read')).toBeCloseTo(0.9, 3);
    expect(found.get('write')).toBeCloseTo(0.1, 3);
    expect(found.has('never')).toBe(false);
  });
});

import { indexBudget, memoryLimit } from './index-budget';

const GIB = 2 ** 30;

describe('indexBudget', () => {
  it('is 20 million activities without a memory limit', () => {
    expect(indexBudget(undefined)).toBe(20_000_000);
  });

  it('uses two fifths of the limit, as in the sizing table', () => {
    const table = [
      [2.5 * 71e6, 1e6],
      [2.5 * 710e6, 10e6],
      [2.5 * 1.42e9, 20e6],
    ] as const;
    for (const [limit, activities] of table) expect(indexBudget(limit)).toBeCloseTo(activities, -1);
    expect(indexBudget(2 * GIB)).toBe(12_098_499);
  });

  it('is at least the configurable minimum and at most the default', () => {
    expect(indexBudget(1024)).toBe(65_536);
    expect(indexBudget(1024 * GIB)).toBe(20_000_000);
  });
});

describe('memoryLimit', () => {
  it('is the limit of the control group', () => {
    expect(memoryLimit(2 * GIB, 16 * GIB)).toBe(2 * GIB);
  });

  it('is undefined if it is unknown, unlimited, or above the machine’s memory', () => {
    expect(memoryLimit(0, 16 * GIB)).toBeUndefined();
    expect(memoryLimit(2 ** 63, 16 * GIB)).toBeUndefined();
    expect(memoryLimit(32 * GIB, 16 * GIB)).toBeUndefined();
  });
});

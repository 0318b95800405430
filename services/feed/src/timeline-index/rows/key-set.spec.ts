import fc from 'fast-check';
import { KeySet } from './key-set';

describe('a set of keys', () => {
  it('contains what was added and not deleted', () => {
    const key = fc.oneof(fc.integer({ min: 1, max: 400 }), fc.integer({ min: 2 ** 50, max: 2 ** 50 + 50 }));
    const step = fc.record({ key, add: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 2_000, size: 'max' }), (steps) => {
        const set = new KeySet();
        const model = new Set<number>();
        for (const { key, add } of steps) {
          if (add) set.add(key);
          else set.delete(key);
          if (add) model.add(key);
          else model.delete(key);
        }
        expect(set.size).toBe(model.size);
        expect(steps.filter(({ key }) => set.has(key) !== model.has(key))).toEqual([]);
      }),
      { numRuns: 50 },
    );
  });

  it('moves keys when one before them is deleted, also around the end', () => {
    const set = new KeySet();
    const keys = Array.from({ length: 200_000 }, (_, number) => number + 1);
    for (const key of keys) set.add(key);
    for (const key of keys) if (key % 3 === 0) set.delete(key);
    expect(keys.filter((key) => set.has(key) !== (key % 3 !== 0))).toEqual([]);
    expect(set.bytes / keys.length).toBeLessThan(25);
  });
});

import fc from 'fast-check';
import { FirstItems } from './first-items';

const ascending = (a: number, b: number) => a - b;

describe('FirstItems', () => {
  it('keeps the first items of a sort', () => {
    const numbers = fc.array(fc.integer({ min: 0, max: 500 }), { maxLength: 400, size: 'max' });
    fc.assert(
      fc.property(numbers, fc.integer({ min: 1, max: 20 }), (all, limit) => {
        const first = new FirstItems<number>(limit, ascending);
        for (const number of all) if (first.last === undefined || number <= first.last) first.add(number);
        expect(first.inOrder()).toEqual(all.toSorted(ascending).slice(0, limit));
      }),
    );
  });
});

import fc from 'fast-check';
import { inPieces, LOOKUPS_PER_TURN } from './in-pieces';
import { sortInTurns, VALUES_PER_TURN } from './sort-in-turns';

function sorted(values: Uint32Array) {
  const sorting = sortInTurns(values);
  for (let turns = 1; ; turns++) {
    const { done, value } = sorting.next();
    if (done) return { turns, value };
  }
}

describe('sortInTurns', () => {
  it('sorts any numbers in ascending order, pausing in proportion to how many there are', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 31 - 1 }), fc.nat(), (factor, offset) => {
        for (const length of [0, 1, 100, VALUES_PER_TURN + 1, 5 * VALUES_PER_TURN]) {
          const values = Uint32Array.from({ length }, (_, index) => Math.imul(index, factor) ^ offset);
          const expected = values.slice().sort();
          const { turns, value } = sorted(values);
          expect(value).toEqual(expected);
          const passes = length > VALUES_PER_TURN ? 6 : 0;
          expect(turns).toBe(1 + passes * Math.ceil(length / VALUES_PER_TURN));
        }
      }),
      { numRuns: 5 },
    );
  });
});

describe('inPieces', () => {
  it('visits each actor once, a limited number per turn', () => {
    const actors = Uint32Array.from({ length: 2 * LOOKUPS_PER_TURN + 3 }, (_, index) => 3 * index);
    const seen: number[] = [];
    const turns: number[] = [];
    const looking = inPieces(actors, (actor) => seen.push(actor));
    while (!looking.next().done) turns.push(seen.length);
    expect(turns).toEqual([LOOKUPS_PER_TURN, 2 * LOOKUPS_PER_TURN]);
    expect(seen).toEqual(Array.from(actors));
  });
});

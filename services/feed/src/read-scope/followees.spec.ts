import { IDS_PER_TURN, idArray } from '../hypertable/id-array';
import { numbersOf } from './followees';

/** The increase of `asked` in each turn of `work`, and its result. */
function turnsOf<Result>(work: Generator<undefined, Result>, asked: () => number) {
  const turns: number[] = [];
  for (let before = 0; ; before = asked()) {
    const { done, value } = work.next();
    turns.push(asked() - before);
    if (done) return { turns, result: value };
  }
}

describe('a very long list of followees', () => {
  const ids = Uint32Array.from({ length: 3 * IDS_PER_TURN + 5 }, (_, index) => 10 + 3 * index);

  it('is converted from the database in turns of limited length, in ascending order', () => {
    const parts: Buffer[] = [];
    for (let from = 0; from < ids.length; from += IDS_PER_TURN) {
      const part = Buffer.alloc(4 * Math.min(IDS_PER_TURN, ids.length - from));
      for (let at = 0; at < part.length; at += 4) part.writeInt32BE(ids[from + at / 4] as number, at);
      parts.push(part);
    }
    let asked = 0;
    const numberOf = (id: number) => {
      asked++;
      return 2_000_000 - id;
    };
    const { turns, result } = turnsOf(numbersOf(parts, numberOf), () => asked);
    expect(result).toEqual(ids.map((id) => 2_000_000 - id).reverse());
    expect(Math.max(...turns)).toBe(IDS_PER_TURN);
  });

  it('is converted to a statement parameter in turns of limited length', () => {
    let asked = 0;
    const idOf = (user: number) => {
      asked++;
      return user + 1;
    };
    const { turns, result } = turnsOf(idArray(ids, idOf), () => asked);
    expect(turns).toEqual([IDS_PER_TURN, IDS_PER_TURN, IDS_PER_TURN, 5]);
    const { parameter } = result;
    // Dimensions, nulls flag, type, length and lower bound; then each element's length and value.
    const words = Array.from({ length: parameter.length / 4 }, (_, word) => parameter.readInt32BE(4 * word));
    expect(words.slice(0, 5)).toEqual([1, 0, 23, ids.length, 1]);
    expect(words.slice(5)).toEqual(Array.from(ids).flatMap((id) => [4, id + 1]));
  });
});

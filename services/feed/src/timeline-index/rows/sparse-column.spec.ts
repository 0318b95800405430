import fc from 'fast-check';
import { SparseColumn } from './sparse-column';

describe('numbers of some rows', () => {
  it('are found for the rows that have one, and for no others', () => {
    const row = fc.nat({ max: 200 });
    const comments = fc.uniqueArray(fc.tuple(row, fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER })), {
      selector: ([row]) => row,
    });
    fc.assert(
      fc.property(comments, (entries) => {
        const ids = new SparseColumn();
        const withUsers = new SparseColumn({ withUsers: true });
        for (const [row, id] of entries.toSorted(([a], [b]) => a - b)) {
          ids.add(row, id);
          withUsers.add(row, id, id % 2 ** 32);
        }
        const expected = new Map(entries);
        const rows = Array.from({ length: 202 }, (_, row) => row);
        expect(rows.filter((row) => ids.get(row) !== expected.get(row))).toEqual([]);
        expect(rows.filter((row) => ids.userOf(row) !== undefined)).toEqual([]);
        const users = rows.map((row) => [withUsers.get(row), withUsers.userOf(row)]);
        const wanted = rows.map((row) => [expected.get(row), expected.get(row)]);
        expect(users).toEqual(wanted.map(([id, user]) => [id, user === undefined ? undefined : user % 2 ** 32]));
      }),
    );
  });

  it('take nothing without comments, and at most 16 bytes for each of many', () => {
    const ids = new SparseColumn({ withUsers: true });
    expect(ids.bytes).toBe(0);
    const tooLarge: number[] = [];
    for (let row = 0; row < 65_536; row++) {
      ids.add(row, row + 1);
      if (row >= 100 && ids.bytes > 16 * (row + 1)) tooLarge.push(row);
    }
    expect(tooLarge).toEqual([]);
  });
});

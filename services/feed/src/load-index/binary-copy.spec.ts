import fc from 'fast-check';
import { BinaryCopyReader } from './binary-copy';

const HEADER = Buffer.concat([Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1'), Buffer.alloc(8)]);
const TRAILER = Buffer.from([0xff, 0xff]);

type Field = Buffer | null;

const int32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
};

const fieldBytes = (field: Field) => (field === null ? int32(-1) : Buffer.concat([int32(field.length), field]));

const rowBytes = (row: readonly Field[]) => Buffer.concat([int32(row.length).subarray(2), ...row.map(fieldBytes)]);

const copyOf = (rows: readonly (readonly Field[])[]) => Buffer.concat([HEADER, ...rows.map(rowBytes), TRAILER]);

/** The rows of `chunks` as the reader passes them on; `null` for a null field. */
function read(chunks: readonly Buffer[], columns: number): (string | null)[][] {
  const reader = new BinaryCopyReader(columns);
  const rows: (string | null)[][] = [];
  for (const bytes of chunks) {
    reader.read(bytes, ({ chunk, starts, lengths }) => {
      const fields = Array.from({ length: columns }, (_, column) => {
        const [start, length] = [starts[column] as number, lengths[column] as number];
        return length === -1 ? null : chunk.toString('hex', start, start + length);
      });
      rows.push(fields);
    });
  }
  return rows;
}

function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const ends = [...new Set(places.map((place) => place % bytes.length)), bytes.length].sort((a, b) => a - b);
  return ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
}

describe('a reader of binary COPY data', () => {
  const field = fc.option(fc.uint8Array({ maxLength: 20 }).map(Buffer.from), { nil: null });

  it('returns every row once, wherever the data is split', () => {
    const table = fc
      .integer({ min: 1, max: 7 })
      .chain((columns) => fc.array(fc.array(field, { minLength: columns, maxLength: columns }), { maxLength: 12 }));
    fc.assert(
      fc.property(table, fc.array(fc.nat(2_000), { maxLength: 30 }), (rows, places) => {
        const columns = rows[0]?.length ?? 1;
        const expected = rows.map((row) => row.map((value) => value?.toString('hex') ?? null));
        expect(read(cut(copyOf(rows), places), columns)).toEqual(expected);
      }),
    );
  });

  it('returns every row once if each byte arrives separately', () => {
    const rows = [
      [Buffer.from('first'), null],
      [Buffer.alloc(0), Buffer.from('second')],
      [null, null],
    ];
    const bytes = copyOf(rows);
    const expected = rows.map((row) => row.map((value) => value?.toString('hex') ?? null));
    expect(
      read(
        Array.from(bytes, (_, at) => bytes.subarray(at, at + 1)),
        2,
      ),
    ).toEqual(expected);
  });

  it.each([
    ['a value', Buffer.from('whole')],
    ['an empty value', Buffer.alloc(0)],
    ['null', null],
  ])('returns a row as soon as its last byte has arrived: %s', (_, last) => {
    const reader = new BinaryCopyReader(1);
    const bytes = copyOf([[last]]);
    const end = bytes.length - TRAILER.length;
    const each = jest.fn();
    reader.read(bytes.subarray(0, end - 1), each);
    expect(each).not.toHaveBeenCalled();
    reader.read(bytes.subarray(end - 1, end), each);
    expect(each).toHaveBeenCalledTimes(1);
  });

  it('does not take the trailer for a row', () => {
    expect(read([copyOf([])], 1)).toEqual([]);
  });
});

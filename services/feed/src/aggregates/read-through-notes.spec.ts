import type { Pool } from 'pg';
import { type ReadOfClosedBuckets, readThroughNotes } from './read-through-notes';

const ROW = { count: 1 };

describe('a read of closed buckets', () => {
  let statements: ReadOfClosedBuckets;
  let asked: string[];
  /** Whether there are notes, and any rows at all. */
  let state: { notes: boolean; rows: boolean };
  beforeEach(() => {
    statements = { plain: 'plain', noted: 'noted' };
    asked = [];
    state = { notes: false, rows: true };
  });

  const pool = {
    query: async (text: string) => {
      asked.push(text);
      return { rows: state.rows && (text === 'noted' || !state.notes) ? [ROW] : [] };
    },
  } as unknown as Pool;

  async function read(times: number): Promise<string[]> {
    asked = [];
    for (let time = 0; time < times; time++) {
      expect(await readThroughNotes(pool, statements, [])).toEqual(state.rows ? [ROW] : []);
    }
    return asked;
  }

  it('asks the aggregate alone if there are no notes', async () => {
    expect(await read(3)).toEqual(['plain', 'plain', 'plain']);
  });

  it('reads noted buckets only after it has found notes', async () => {
    state.notes = true;
    expect(await read(2)).toEqual(['plain', 'noted', 'plain', 'noted']);
  });

  it('mostly reads noted buckets at once while there are many notes, and returns to the aggregate', async () => {
    state.notes = true;
    await read(20);
    const many = await read(320);
    expect(many.filter((text) => text === 'noted')).toHaveLength(320);
    expect(many.filter((text) => text === 'plain')).toHaveLength(10);
    state.notes = false;
    await read(33);
    expect(await read(5)).toEqual(Array.from({ length: 5 }, () => 'plain'));
  });

  it('reads what is to be moved or corrected by a statement of its own, if there is one', async () => {
    statements = { ...statements, whole: 'whole' };
    state = { notes: true, rows: false };
    expect(await read(1)).toEqual(['plain', 'noted', 'whole']);
    state.rows = true;
    expect(await read(1)).toEqual(['plain', 'noted']);
  });

  it('does not take empty answers for notes', async () => {
    state.rows = false;
    await read(50);
    expect(await read(2)).toEqual(['plain', 'noted', 'plain', 'noted']);
  });
});

import type { Stretch } from '../aggregates/stretch';
import { MemoryBorder } from './memory-border';

const HOUR = 3_600_000;

describe('the border of what reads take from memory', () => {
  let time: number;
  let first: number | undefined;
  let indexed: number;
  let written: number;
  let looks: number;
  let marks: Stretch[];
  let border: MemoryBorder;

  beforeEach(() => {
    jest.useFakeTimers();
    [time, first, indexed, written, looks, marks] = [10 * HOUR, 9 * HOUR, 0, 0, 0, []];
    border = new MemoryBorder({
      borderAt: (now) => now - (now % HOUR),
      now: () => time,
      first: () => first,
      mark: (stretch) => {
        marks.push(stretch);
        const wanted = indexed;
        return async () => {
          looks++;
          return written >= wanted;
        };
      },
    });
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('moves on at once while the database keeps up, and asks it no more than that', async () => {
    expect(await Promise.all([border.now(), border.now()])).toEqual([10 * HOUR, 10 * HOUR]);
    time += HOUR - 1;
    expect(await border.now()).toBe(10 * HOUR);
    time += 1;
    expect(await border.now()).toBe(11 * HOUR);
    expect(looks).toBe(2);
    expect(marks).toEqual([
      { from: 9 * HOUR, to: 10 * HOUR },
      { from: 10 * HOUR, to: 11 * HOUR },
    ]);
  });

  it('begins where the database had everything, and is nowhere before the index has', async () => {
    first = undefined;
    expect(await border.now()).toBe(Number.NEGATIVE_INFINITY);
    [first, indexed] = [7 * HOUR, 1];
    expect(await border.now()).toBe(7 * HOUR);
  });

  it('is where it should be without a look while that lies before what the database had', async () => {
    first = 11 * HOUR;
    expect(await border.now()).toBe(10 * HOUR);
    expect(looks).toBe(0);
  });

  it('is asked for again with every hour, also by the first read of hours after the index was loaded', async () => {
    first = 10 * HOUR;
    indexed = 1;
    for (time = 10 * HOUR; time < 34 * HOUR; time += HOUR) {
      expect(await border.now()).toBe(10 * HOUR);
      jest.advanceTimersByTime(200);
    }
    expect(looks).toBe(23);
    written = 1;
    // First where it was to go, then where it is to be by now.
    expect([await border.now(), await border.now()]).toEqual([11 * HOUR, 34 * HOUR]);
  });

  it('stays until the database has all that the index had when it should have moved', async () => {
    await border.now();
    indexed = 7;
    time += HOUR;
    expect(await border.now()).toBe(10 * HOUR);
    // What comes later has no need to be there.
    [indexed, written] = [9, 7];
    jest.advanceTimersByTime(200);
    expect(await border.now()).toBe(11 * HOUR);
  });

  it('moves on step by step when the database takes longer than from one hour to the next', async () => {
    indexed = 7;
    expect(await border.now()).toBe(9 * HOUR);
    time += HOUR;
    indexed = 9;
    jest.advanceTimersByTime(200);
    expect(await border.now()).toBe(9 * HOUR);
    written = 7;
    jest.advanceTimersByTime(200);
    expect(await border.now()).toBe(10 * HOUR);
    expect(await border.now()).toBe(10 * HOUR);
    written = 9;
    jest.advanceTimersByTime(200);
    expect(await border.now()).toBe(11 * HOUR);
  });

  it('looks no more often than every 200 ms, and no longer keeps a read', async () => {
    indexed = 1;
    for (let read = 0; read < 5; read++) expect(await border.now()).toBe(9 * HOUR);
    expect(looks).toBe(1);

    const options = { borderAt: (now: number) => now, now: () => time, first: () => HOUR };
    const hanging = new MemoryBorder({ ...options, mark: () => () => new Promise(() => undefined) });
    expect(await hanging.now()).toBe(HOUR);
    const failing = new MemoryBorder({ ...options, mark: () => () => Promise.reject(new Error('no database')) });
    expect(await failing.now()).toBe(HOUR);
  });

  it('is where it should be when the clock is set back', async () => {
    await border.now();
    time -= 2 * HOUR;
    expect(await border.now()).toBe(8 * HOUR);
  });
});

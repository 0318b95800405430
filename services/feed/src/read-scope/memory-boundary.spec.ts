import type { TimeRange } from '../aggregates/time-range';
import { MemoryBoundary } from './memory-boundary';

const HOUR = 3_600_000;

describe('the boundary of what reads take from memory', () => {
  let time: number;
  let loadedUntil: number | undefined;
  let indexed: number;
  let written: number;
  let looks: number;
  let marks: TimeRange[];
  let boundary: MemoryBoundary;

  beforeEach(() => {
    jest.useFakeTimers();
    [time, loadedUntil, indexed, written, looks, marks] = [10 * HOUR, 9 * HOUR + 5, 0, 0, 0, []];
    boundary = new MemoryBoundary({
      boundaryAt: (now) => now - (now % HOUR),
      now: () => time,
      loadedUntil: () => loadedUntil,
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
    expect(await Promise.all([boundary.now(), boundary.now()])).toEqual([10 * HOUR, 10 * HOUR]);
    time += HOUR - 1;
    expect(await boundary.now()).toBe(10 * HOUR);
    time += 1;
    expect(await boundary.now()).toBe(11 * HOUR);
    expect(looks).toBe(2);
    expect(marks).toEqual([
      { from: 9 * HOUR, to: 10 * HOUR },
      { from: 10 * HOUR, to: 11 * HOUR },
    ]);
  });

  it('begins where the database had everything, and is nowhere before the index has', async () => {
    loadedUntil = undefined;
    expect(await boundary.now()).toBe(Number.NEGATIVE_INFINITY);
    [loadedUntil, indexed] = [7 * HOUR + 5, 1];
    expect(await boundary.now()).toBe(7 * HOUR);
  });

  it('is where it should be without a look while the index was loaded in this hour', async () => {
    loadedUntil = 10 * HOUR;
    expect(await boundary.now()).toBe(10 * HOUR);
    expect(looks).toBe(0);
  });

  it('asks the database at every hour after a quiet start, though nothing had come when the index was ready', async () => {
    loadedUntil = time;
    expect(await boundary.now()).toBe(10 * HOUR);
    // From here on the projector stands still, over a midnight too.
    for (let hour = 11; hour <= 26; hour++) {
      indexed++;
      time = hour * HOUR;
      jest.advanceTimersByTime(200);
      expect(await boundary.now()).toBe(10 * HOUR);
    }
    expect(looks).toBe(16);
    written = indexed;
    jest.advanceTimersByTime(200);
    // First what it waited for since 11 o'clock, then all of it.
    expect(await boundary.now()).toBe(11 * HOUR);
    expect(await boundary.now()).toBe(26 * HOUR);
    for (let hour = 27; hour <= 30; hour++) {
      [indexed, time] = [indexed + 1, hour * HOUR];
      jest.advanceTimersByTime(200);
      expect(await boundary.now()).toBe(26 * HOUR);
    }
  });

  it('asks when the first read comes long after the index was loaded', async () => {
    [loadedUntil, indexed, time] = [2 * HOUR, 1, 30 * HOUR];
    expect(await boundary.now()).toBe(2 * HOUR);
    written = 1;
    jest.advanceTimersByTime(200);
    expect(await boundary.now()).toBe(30 * HOUR);
  });

  it('stays until the database has all that the index had when it should have moved', async () => {
    await boundary.now();
    indexed = 7;
    time += HOUR;
    expect(await boundary.now()).toBe(10 * HOUR);
    // What comes later has no need to be there.
    [indexed, written] = [9, 7];
    jest.advanceTimersByTime(200);
    expect(await boundary.now()).toBe(11 * HOUR);
  });

  it('moves on step by step when the database takes longer than from one hour to the next', async () => {
    indexed = 7;
    expect(await boundary.now()).toBe(9 * HOUR);
    time += HOUR;
    indexed = 9;
    jest.advanceTimersByTime(200);
    expect(await boundary.now()).toBe(9 * HOUR);
    written = 7;
    jest.advanceTimersByTime(200);
    expect(await boundary.now()).toBe(10 * HOUR);
    expect(await boundary.now()).toBe(10 * HOUR);
    written = 9;
    jest.advanceTimersByTime(200);
    expect(await boundary.now()).toBe(11 * HOUR);
  });

  it('looks no more often than every 200 ms, and no longer keeps a read', async () => {
    indexed = 1;
    for (let read = 0; read < 5; read++) expect(await boundary.now()).toBe(9 * HOUR);
    expect(looks).toBe(1);

    const options = { boundaryAt: (now: number) => now, now: () => time, loadedUntil: () => HOUR };
    const hanging = new MemoryBoundary({ ...options, mark: () => () => new Promise(() => undefined) });
    expect(await hanging.now()).toBe(HOUR);
    const failing = new MemoryBoundary({ ...options, mark: () => () => Promise.reject(new Error('no database')) });
    expect(await failing.now()).toBe(HOUR);
  });

  it('is where it should be when the clock is set back, and asks again for the hours that come a second time', async () => {
    await boundary.now();
    time -= 2 * HOUR;
    expect(await boundary.now()).toBe(8 * HOUR);
    indexed = 1;
    time += HOUR;
    expect(await boundary.now()).toBe(8 * HOUR);
  });

  it('asks for hours that a clock was ahead of when the index was loaded', async () => {
    [loadedUntil, indexed] = [20 * HOUR, 1];
    expect(await boundary.now()).toBe(10 * HOUR);
    time += HOUR;
    expect(await boundary.now()).toBe(10 * HOUR);
  });

  it('keeps no look that was begun by a clock set back meanwhile', async () => {
    indexed = 1;
    time = 20 * HOUR;
    expect(await boundary.now()).toBe(9 * HOUR);
    [written, time] = [1, 10 * HOUR];
    jest.advanceTimersByTime(200);
    expect(await boundary.now()).toBe(10 * HOUR);
    indexed = 2;
    time = 11 * HOUR;
    expect(await boundary.now()).toBe(10 * HOUR);
  });
});

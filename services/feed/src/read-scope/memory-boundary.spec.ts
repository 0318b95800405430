import type { TimeRange } from '../aggregates/time-range';
import { MemoryBoundary } from './memory-boundary';

const HOUR = 3_600_000;

describe('the boundary between memory and database', () => {
  let time: number;
  let loadedUntil: number | undefined;
  let indexed: number;
  let written: number;
  let queries: number;
  let marks: TimeRange[];
  let boundary: MemoryBoundary;

  beforeEach(() => {
    jest.useFakeTimers();
    [time, loadedUntil, indexed, written, queries, marks] = [10 * HOUR, 9 * HOUR + 5, 0, 0, 0, []];
    boundary = new MemoryBoundary({
      boundaryAt: (now) => now - (now % HOUR),
      now: () => time,
      loadedUntil: () => loadedUntil,
      mark: (range) => {
        marks.push(range);
        const wanted = indexed;
        return async () => {
          queries++;
          return written >= wanted;
        };
      },
    });
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('moves immediately while the database keeps up, with one query per move', async () => {
    expect(await Promise.all([boundary.now(), boundary.now()])).toEqual([10 * HOUR, 10 * HOUR]);
    time += HOUR - 1;
    expect(await boundary.now()).toBe(10 * HOUR);
    time += 1;
    expect(await boundary.now()).toBe(11 * HOUR);
    expect(queries).toBe(2);
    expect(marks).toEqual([
      { from: 9 * HOUR, to: 10 * HOUR },
      { from: 10 * HOUR, to: 11 * HOUR },
    ]);
  });

  it('starts where the database was complete, and is minus infinity until the index is ready', async () => {
    loadedUntil = undefined;
    expect(await boundary.now()).toBe(Number.NEGATIVE_INFINITY);
    [loadedUntil, indexed] = [7 * HOUR + 5, 1];
    expect(await boundary.now()).toBe(7 * HOUR);
  });

  it('needs no query if the index was loaded in the current hour', async () => {
    loadedUntil = 10 * HOUR;
    expect(await boundary.now()).toBe(10 * HOUR);
    expect(queries).toBe(0);
  });

  it('queries the database at each new hour, even if no events had arrived when the index became ready', async () => {
    loadedUntil = time;
    expect(await boundary.now()).toBe(10 * HOUR);
    // The projector is stalled from here on, past midnight.
    for (let hour = 11; hour <= 26; hour++) {
      indexed++;
      time = hour * HOUR;
      jest.advanceTimersByTime(200);
      expect(await boundary.now()).toBe(10 * HOUR);
    }
    expect(queries).toBe(16);
    written = indexed;
    jest.advanceTimersByTime(200);
    // First the move that has been pending since 11 o'clock, then the rest.
    expect(await boundary.now()).toBe(11 * HOUR);
    expect(await boundary.now()).toBe(26 * HOUR);
    for (let hour = 27; hour <= 30; hour++) {
      [indexed, time] = [indexed + 1, hour * HOUR];
      jest.advanceTimersByTime(200);
      expect(await boundary.now()).toBe(26 * HOUR);
    }
  });

  it('queries the database at the first read, long after the index was loaded', async () => {
    [loadedUntil, indexed, time] = [2 * HOUR, 1, 30 * HOUR];
    expect(await boundary.now()).toBe(2 * HOUR);
    written = 1;
    jest.advanceTimersByTime(200);
    expect(await boundary.now()).toBe(30 * HOUR);
  });

  it('stays until the database has what the index had when the move was due', async () => {
    await boundary.now();
    indexed = 7;
    time += HOUR;
    expect(await boundary.now()).toBe(10 * HOUR);
    // Later events do not matter.
    [indexed, written] = [9, 7];
    jest.advanceTimersByTime(200);
    expect(await boundary.now()).toBe(11 * HOUR);
  });

  it('moves step by step if the database is behind by more than an hour', async () => {
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

  it('queries at most every 200 ms, and does not delay reads', async () => {
    indexed = 1;
    for (let read = 0; read < 5; read++) expect(await boundary.now()).toBe(9 * HOUR);
    expect(queries).toBe(1);

    const options = { boundaryAt: (now: number) => now, now: () => time, loadedUntil: () => HOUR };
    const hanging = new MemoryBoundary({ ...options, mark: () => () => new Promise(() => undefined) });
    expect(await hanging.now()).toBe(HOUR);
    const failing = new MemoryBoundary({ ...options, mark: () => () => Promise.reject(new Error('no database')) });
    expect(await failing.now()).toBe(HOUR);
  });

  it('moves back when the clock is set back, and queries again for the repeated hours', async () => {
    await boundary.now();
    time -= 2 * HOUR;
    expect(await boundary.now()).toBe(8 * HOUR);
    indexed = 1;
    time += HOUR;
    expect(await boundary.now()).toBe(8 * HOUR);
  });

  it('queries for hours that the clock was ahead of when the index was loaded', async () => {
    [loadedUntil, indexed] = [20 * HOUR, 1];
    expect(await boundary.now()).toBe(10 * HOUR);
    time += HOUR;
    expect(await boundary.now()).toBe(10 * HOUR);
  });

  it('does not apply the result of a query begun before the clock was set back', async () => {
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

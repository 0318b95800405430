import { MemoryBorder } from './memory-border';

const HOUR = 3_600_000;

describe('the border of what reads take from memory', () => {
  let time: number;
  let indexed: number;
  let written: number;
  let looks: number;
  let isReady: boolean;
  let border: MemoryBorder;

  beforeEach(() => {
    jest.useFakeTimers();
    [time, indexed, written, looks, isReady] = [10 * HOUR, 0, 0, 0, true];
    border = new MemoryBorder({
      borderAt: (now) => now - (now % HOUR),
      now: () => time,
      mark: () => {
        const wanted = indexed;
        return isReady
          ? async () => {
              looks++;
              return written >= wanted;
            }
          : undefined;
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

  it('looks no more often than every 200 ms', async () => {
    indexed = 1;
    for (let read = 0; read < 5; read++) expect(await border.now()).toBe(Number.NEGATIVE_INFINITY);
    expect(looks).toBe(1);
    written = 1;
    jest.advanceTimersByTime(200);
    expect(await border.now()).toBe(10 * HOUR);
  });

  it('stays while the index lacks something, and while the database cannot be asked', async () => {
    isReady = false;
    expect(await border.now()).toBe(Number.NEGATIVE_INFINITY);
    isReady = true;
    jest.advanceTimersByTime(200);
    expect(await border.now()).toBe(10 * HOUR);

    const failing = new MemoryBorder({
      borderAt: (now) => now,
      now: () => time,
      mark: () => () => Promise.reject(new Error('no database')),
    });
    expect(await failing.now()).toBe(Number.NEGATIVE_INFINITY);
  });

  it('is where it should be when the clock is set back', async () => {
    await border.now();
    time -= HOUR;
    expect(await border.now()).toBe(9 * HOUR);
  });
});

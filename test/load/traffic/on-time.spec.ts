import { evenTimes } from './arrivals.ts';
import { type Arrival, onTime } from './on-time.ts';

const block = (milliseconds: number) => {
  for (const end = performance.now() + milliseconds; performance.now() < end; );
};

describe('onTime', () => {
  it('begins each arrival once, in order, and never early', async () => {
    const times = evenTimes(500, 200);
    const startedAt = performance.now();
    const begun: number[] = [];
    await onTime(times, ({ index, at }) => {
      begun.push(index);
      expect(performance.now() - startedAt).toBeGreaterThanOrEqual(at);
    });
    expect(begun).toEqual([...times.keys()]);
  });

  it('counts from the intended time if this process was blocked', async () => {
    const arrivals: Arrival[] = [];
    await onTime(evenTimes(100, 300), (arrival) => {
      arrivals.push(arrival);
      if (arrival.index === 5) block(150);
    });
    const heldUp = arrivals.filter(({ at }) => at > 60 && at < 190);
    expect(heldUp).toHaveLength(12);
    const [first] = heldUp as [Arrival];
    for (const { at, late, countsFrom } of heldUp) {
      expect(late).toBeGreaterThan(190 - at);
      expect(countsFrom - at).toBeCloseTo(first.countsFrom - first.at);
    }
  });

  it('ignores only the delay that timers cause', async () => {
    await onTime(evenTimes(200, 300), ({ late, countsFrom }) => {
      expect(performance.now() - countsFrom).toBeGreaterThanOrEqual(late > 2 ? late : 0);
    });
  });

  it('begins no arrivals after a stop', async () => {
    const stop = new AbortController();
    let begun = 0;
    await onTime(
      evenTimes(1000, 60_000),
      () => {
        if (++begun === 10) stop.abort();
      },
      stop.signal,
    );
    expect(begun).toBeLessThan(1000);
  });
});

import { type EventTime, toMicroseconds } from '@activity-feed/contracts';
import { wideningSlices } from './widening-window';

const start = '2026-03-01T12:00:00.000007+00:00' as EventTime;

describe('wideningSlices', () => {
  it('begins with one day, open at its end', () => {
    const [first] = wideningSlices(start);
    expect(first).toEqual({ from: '2026-02-28T12:00:00.000007+00:00' });
  });

  it('begins with the given number of days', () => {
    const [first] = wideningSlices(start, 64);
    expect(first).toEqual({ from: '2025-12-27T12:00:00.000007+00:00' });
  });

  it('reaches 1970 without gaps or overlaps, in few slices', () => {
    const slices = [...wideningSlices(start)];
    expect(slices.slice(1).map(({ to }) => to)).toEqual(slices.slice(0, -1).map(({ from }) => from));
    expect(toMicroseconds(slices.at(-1)?.from as EventTime)).toBe(0);
    expect(slices.length).toBeLessThan(10);
  });
});

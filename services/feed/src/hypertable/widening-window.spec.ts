import { type EventTime, toMicroseconds } from '@activity-feed/contracts';
import { wideningSlices } from './widening-window';

const start = '2026-03-01T12:00:00.000007+00:00' as EventTime;

describe('the widening window', () => {
  it('begins with a day without an end', () => {
    const [first] = wideningSlices(start);
    expect(first).toEqual({ from: '2026-02-28T12:00:00.000007+00:00' });
  });

  it('begins with as many days as are asked for', () => {
    const [first] = wideningSlices(start, 64);
    expect(first).toEqual({ from: '2025-12-27T12:00:00.000007+00:00' });
  });

  it('reaches 1970 without a gap or an overlap, in few slices', () => {
    const slices = [...wideningSlices(start)];
    expect(slices.slice(1).map(({ to }) => to)).toEqual(slices.slice(0, -1).map(({ from }) => from));
    expect(toMicroseconds(slices.at(-1)?.from as EventTime)).toBe(0n);
    expect(slices.length).toBeLessThan(10);
  });
});

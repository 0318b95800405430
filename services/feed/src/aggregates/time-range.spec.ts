import { wholeBuckets, within } from './time-range';

const at = (time: string) => Date.parse(`2019-02-${time}Z`);

describe('a time range', () => {
  it('is extended to whole buckets', () => {
    const hours = { from: at('10T12:00:00'), to: at('10T14:00:00') };
    expect(wholeBuckets('hour', hours)).toEqual(hours);
    expect(wholeBuckets('day', hours)).toEqual({ from: at('10T00:00:00'), to: at('11T00:00:00') });
    expect(wholeBuckets('day', { from: at('10T00:00:00'), to: at('11T00:00:00') })).toEqual({
      from: at('10T00:00:00'),
      to: at('11T00:00:00'),
    });
  });

  it('is clipped to limits, and is undefined outside them', () => {
    expect(within({ from: 1, to: 5 }, 2, 4)).toEqual({ from: 2, to: 4 });
    expect(within({ from: 1, to: 5 }, Number.NEGATIVE_INFINITY, 9)).toEqual({ from: 1, to: 5 });
    expect(within({ from: 1, to: 5 }, 5, 9)).toBeUndefined();
    expect(within({ from: 1, to: 5 }, 0, 1)).toBeUndefined();
  });
});

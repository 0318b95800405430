import { arrivalTimes, evenTimes } from './arrivals.ts';

describe('arrivalTimes', () => {
  it('returns the requested number of arrival times within the period, in ascending order', () => {
    const numbers = [0.9, 0.1, 0.5];
    expect([...arrivalTimes(3, 1000, () => numbers.pop() as number)]).toEqual([100, 500, 900]);
  });
});

describe('evenTimes', () => {
  it('returns times at a steady rate, starting at zero', () => {
    expect([...evenTimes(5, 1000)]).toEqual([0, 200, 400, 600, 800]);
  });
});

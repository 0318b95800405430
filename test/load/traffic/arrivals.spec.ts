import { arrivalTimes, evenTimes } from './arrivals.ts';

describe('arrivalTimes', () => {
  it('are as many as wanted, in order, within the time', () => {
    const numbers = [0.9, 0.1, 0.5];
    expect([...arrivalTimes(3, 1000, () => numbers.pop() as number)]).toEqual([100, 500, 900]);
  });
});

describe('evenTimes', () => {
  it('come at a steady rate from the start on', () => {
    expect([...evenTimes(5, 1000)]).toEqual([0, 200, 400, 600, 800]);
  });
});

import { restartDelayMs } from './backoff.ts';

describe('restartDelayMs', () => {
  it('is half a second for a process that had been running for a while', () => {
    expect(restartDelayMs(0)).toBe(500);
  });

  it('grows up to five seconds for a process that keeps dying right after its start', () => {
    expect([1, 2, 3, 4, 50].map(restartDelayMs)).toEqual([1000, 2000, 4000, 5000, 5000]);
  });
});

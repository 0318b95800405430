import { restartDelayMs } from './backoff.ts';

describe('restartDelayMs', () => {
  it('starts a process that ran well again within a second', () => {
    expect(restartDelayMs(0)).toBe(500);
  });

  it('waits longer for one that keeps dying at once, never above five seconds', () => {
    expect([1, 2, 3, 4, 50].map(restartDelayMs)).toEqual([1000, 2000, 4000, 5000, 5000]);
  });
});

import { GATHER_LIMIT } from '@activity-feed/contracts';
import { SendPace } from './send-pace';

describe('the pace of sends', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  /** How long it pauses, in milliseconds, when one event is sent each `interval`; the last of 100 sends. */
  async function pauseAt(interval: number): Promise<number> {
    const pace = new SendPace();
    let last = 0;
    for (let count = 0; count < 100; count++) {
      const begin = performance.now();
      const pausing = pace.after(begin, 1).then(() => {
        last = performance.now() - begin;
      });
      await jest.advanceTimersByTimeAsync(Math.max(interval, GATHER_LIMIT));
      await pausing;
    }
    return last;
  }

  it('is quick while there are few events, and gathers many', async () => {
    expect(await pauseAt(1_000)).toBe(10);
    expect(await pauseAt(GATHER_LIMIT)).toBe(10);
    const pace = new SendPace();
    const begin = performance.now();
    let end = 0;
    void pace.after(begin, 20).then(() => {
      end = performance.now();
    });
    await jest.advanceTimersByTimeAsync(1_000);
    expect(end - begin).toBe(GATHER_LIMIT);
  });

  it('is quick when a read waits, also if it began to wait before', async () => {
    const pace = new SendPace();
    let ended = 0;
    const pause = () => void pace.after(performance.now(), 100).then(() => ended++);
    pause();
    await jest.advanceTimersByTimeAsync(20);
    expect(ended).toBe(0);
    pace.hurry();
    await jest.advanceTimersByTimeAsync(0);
    expect(ended).toBe(1);
    pace.hurry();
    pause();
    await jest.advanceTimersByTimeAsync(10);
    expect(ended).toBe(2);
    pace.hurry();
    expect([pace.takeHurry(), pace.takeHurry()]).toEqual([true, false]);
  });

  it('ends a pause when the relay stops', async () => {
    const pace = new SendPace();
    let ended = false;
    void pace.after(performance.now(), 100).then(() => {
      ended = true;
    });
    pace.stop();
    await jest.advanceTimersByTimeAsync(0);
    expect(ended).toBe(true);
  });
});

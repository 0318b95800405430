import type { Logger } from '../log/logger';
import { giveUpLate } from './give-up';
import { beginStop, leftFor } from './stop-clock';
import { STOP_LIMITS } from './stop-limits';

describe('a shutdown', () => {
  const logger = { warn: jest.fn(), debug: jest.fn() };
  const log = logger as unknown as Logger;
  const never = new Promise<never>(() => undefined);
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('ends when all its parts have ended, even if some fail', async () => {
    const broken = Promise.reject(new Error('broken'));
    await giveUpLate('release', { one: Promise.resolve(), other: broken, none: undefined }, log);
    expect(logger.warn).not.toHaveBeenCalled();
  });

  it('gives up on parts that do not end in time, and logs their names', async () => {
    let over = false;
    const stop = giveUpLate('release', { pool: Promise.resolve(), broker: never }, log).then(() => {
      over = true;
    });
    await jest.advanceTimersByTimeAsync(STOP_LIMITS.release - 1);
    expect(over).toBe(false);
    await jest.advanceTimersByTimeAsync(1);
    await stop;
    expect(logger.warn.mock.calls).toEqual([[{ unfinished: ['broker'] }, expect.any(String)]]);
  });

  it('takes no longer when its parts end one after another', async () => {
    beginStop();
    const begun = performance.now();
    for (const part of ['finish', 'finish', 'release', 'release'] as const) {
      const stop = giveUpLate(part, { broker: never }, log);
      await jest.advanceTimersByTimeAsync(leftFor(part));
      await stop;
    }
    expect(performance.now() - begun).toBeLessThanOrEqual(STOP_LIMITS.finish + STOP_LIMITS.release);
  });

  it('leaves time for all parts in sequence and for the process itself', () => {
    expect(STOP_LIMITS.finish + STOP_LIMITS.release).toBeLessThanOrEqual(STOP_LIMITS.whole - 500);
  });
});

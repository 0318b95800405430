import { ShownOffsets } from './shown-offsets';

describe('the offsets that a consumer shows', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('are committed now and then, the last of each partition', async () => {
    const commitOffsets = jest.fn(async () => undefined);
    const shown = new ShownOffsets({ commitOffsets }, () => true);
    shown.note('one', 0, 5n);
    shown.note('one', 0, 6n);
    shown.note('two', 3, 1n);
    expect(commitOffsets).not.toHaveBeenCalled();
    await jest.advanceTimersByTimeAsync(5_000);
    const offsets = [
      { topic: 'one', partition: 0, offset: '6' },
      { topic: 'two', partition: 3, offset: '1' },
    ];
    expect(commitOffsets.mock.calls).toEqual([[offsets]]);
    await jest.advanceTimersByTimeAsync(60_000);
    expect(commitOffsets).toHaveBeenCalledTimes(1);
    shown.close();
    expect(jest.getTimerCount()).toBe(0);
  });

  it('wait while the consumer is not in its group, and failures are ignored', async () => {
    let isAlive = false;
    const commitOffsets = jest.fn(() => Promise.reject(new Error('rebalancing')));
    const shown = new ShownOffsets({ commitOffsets }, () => isAlive);
    shown.note('one', 0, 5n);
    await jest.advanceTimersByTimeAsync(10_000);
    expect(commitOffsets).not.toHaveBeenCalled();
    isAlive = true;
    await jest.advanceTimersByTimeAsync(5_000);
    expect(commitOffsets).toHaveBeenCalledTimes(1);
    shown.close();
  });
});

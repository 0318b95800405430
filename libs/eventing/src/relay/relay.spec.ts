import { Relay } from './relay';
import { WakeSignal } from './wake-signal';

describe('the relay', () => {
  afterEach(() => jest.restoreAllMocks());

  it('retries after a second at most, however often it has failed', async () => {
    const pauses: number[] = [];
    jest.spyOn(WakeSignal.prototype, 'wait').mockImplementation(async (milliseconds) => {
      pauses.push(milliseconds);
      return false;
    });
    const { promise: hasFailedOften, resolve } = Promise.withResolvers<void>();
    const warn = jest.fn(() => {
      if (warn.mock.calls.length === 8) resolve();
    });
    const relay = new Relay({
      // A folder for sockets that does not exist: connecting fails at once.
      database: { host: '/nonexistent' },
      topic: 'topic',
      openPublisher: () => Promise.reject(new Error('not reached')),
      log: { warn, info: () => undefined, error: () => undefined },
    });
    relay.start();
    await hasFailedOften;
    await relay.stop();
    expect(pauses.slice(0, 7)).toEqual([100, 200, 400, 800, 1_000, 1_000, 1_000]);
  });
});

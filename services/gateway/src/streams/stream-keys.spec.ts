import type { UserId } from '@activity-feed/contracts';
import type { Found, Identities } from '../authenticate/identities';
import { ApiError } from '../error-answers/api-error';
import type { Services } from '../services/services';
import { StreamKeys } from './stream-keys';

const found = (more: Partial<Found> = {}): Found => ({
  user: { id: 1 as UserId, name: 'ivan' },
  keyHash: 'a',
  begunAt: performance.now(),
  expiresAt: Number.POSITIVE_INFINITY,
  wasReceiving: true,
  validity: { isOver: false },
  ...more,
});

describe('the keys of open streams', () => {
  let keys: StreamKeys;
  const identities = { receivesAll: () => true, isWatched: ({ wasReceiving }: Found) => wasReceiving };
  const services = { ask: jest.fn() };
  const stream = () => ({ leave: jest.fn(async () => undefined) });

  beforeEach(() => {
    jest.useFakeTimers();
    identities.receivesAll = () => true;
    services.ask.mockReset().mockResolvedValue([]);
    keys = new StreamKeys(identities as unknown as Identities, services as unknown as Services);
  });
  afterEach(() => {
    keys.onApplicationShutdown();
    jest.useRealTimers();
  });

  it('are not asked for while the gateway receives all changes', async () => {
    keys.watch(found(), stream());
    await jest.advanceTimersByTimeAsync(60_000);
    expect(services.ask).not.toHaveBeenCalled();
  });

  it('are asked for together while it does not, and streams of refused keys end within a second', async () => {
    const [kept, first, second] = [stream(), stream(), stream()];
    keys.watch(found(), kept);
    keys.watch(found({ keyHash: 'b' }), first);
    keys.watch(found({ keyHash: 'b' }), second);
    identities.receivesAll = () => false;
    await jest.advanceTimersByTimeAsync(1_000);
    expect(services.ask.mock.calls.map(([, query]) => query)).toEqual([
      { keyHashes: ['a', 'b'] },
      { keyHashes: ['a', 'b'] },
    ]);
    services.ask.mockResolvedValue(['b']);
    await jest.advanceTimersByTimeAsync(1_000);
    expect([first, second].map(({ leave }) => leave.mock.calls.length > 0)).toEqual([true, true]);
    expect(kept.leave).not.toHaveBeenCalled();
  });

  it('are asked for once more when it receives changes again', async () => {
    keys.watch(found({ wasReceiving: false }), stream());
    await jest.advanceTimersByTimeAsync(500);
    expect(services.ask).toHaveBeenCalledTimes(1);
    await jest.advanceTimersByTimeAsync(10_000);
    expect(services.ask).toHaveBeenCalledTimes(1);
  });

  it('are asked for in bounded queries', async () => {
    identities.receivesAll = () => false;
    for (let count = 0; count < 2_500; count++) keys.watch(found({ keyHash: `${count}` }), stream());
    await jest.advanceTimersByTimeAsync(500);
    const sizes = services.ask.mock.calls.map(([, { keyHashes }]) => keyHashes.length);
    expect(sizes).toEqual([1_000, 1_000, 500]);
  });

  it('end their streams when they expire', async () => {
    const one = stream();
    keys.watch(found({ expiresAt: performance.now() + 5_000 }), one);
    await jest.advanceTimersByTimeAsync(4_900);
    expect(one.leave).not.toHaveBeenCalled();
    await jest.advanceTimersByTimeAsync(600);
    expect(one.leave).toHaveBeenCalled();
  });

  it('end their streams if nobody has confirmed them for 3 s', async () => {
    const one = stream();
    keys.watch(found(), one);
    identities.receivesAll = () => false;
    services.ask.mockRejectedValue(new ApiError('SERVICE_UNAVAILABLE'));
    await jest.advanceTimersByTimeAsync(2_900);
    expect(one.leave).not.toHaveBeenCalled();
    await jest.advanceTimersByTimeAsync(600);
    expect(one.leave).toHaveBeenCalled();
  });

  it('are not watched any longer than their streams', async () => {
    const [first, second] = [stream(), stream()];
    for (const one of [first, second]) keys.watch(found(), one);
    identities.receivesAll = () => false;
    keys.unwatch(first);
    await jest.advanceTimersByTimeAsync(500);
    expect(services.ask).toHaveBeenCalledTimes(1);
    keys.unwatch(second);
    await jest.advanceTimersByTimeAsync(5_000);
    expect(services.ask).toHaveBeenCalledTimes(1);
  });
});

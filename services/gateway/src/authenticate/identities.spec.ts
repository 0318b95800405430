import { hashKey, type User, type UserId } from '@activity-feed/contracts';
import type { Redis } from 'ioredis';
import { ApiError } from '../error-answers/api-error';
import type { Services } from '../services/services';
import { Identities } from './identities';

const ivan: User = { id: 1 as UserId, name: 'ivan' };
const KEY = 'abc123';
const unknown = expect.objectContaining({ code: 'KEY_INVALID' });
const unavailable = expect.objectContaining({ code: 'SERVICE_UNAVAILABLE' });
const refuse = (code: 'KEY_INVALID' | 'SERVICE_UNAVAILABLE' | 'USER_SUSPENDED') => Promise.reject(new ApiError(code));

/** Identities with an empty Redis, and mocks that count the look-ups. */
function identitiesOf(answer: () => Promise<User>) {
  const redis = {
    get: jest.fn(async (): Promise<string | null> => null),
    set: jest.fn(async () => 'OK'),
    exists: jest.fn(async () => 0),
  };
  const services = { ask: jest.fn(answer) };
  return { redis, services, identities: new Identities(redis as unknown as Redis, services as unknown as Services) };
}

describe('the user of a key', () => {
  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['setImmediate'] });
    // The cache treats a time of 0 as unset.
    jest.advanceTimersByTime(1);
  });
  afterEach(() => jest.useRealTimers());

  it('is looked up once for concurrent requests', async () => {
    const { identities, redis, services } = identitiesOf(async () => ivan);
    const users = await Promise.all(Array.from({ length: 100 }, () => identities.lookUp(KEY)));
    expect(new Set(users)).toEqual(new Set([ivan]));
    expect(redis.get).toHaveBeenCalledTimes(1);
    expect(services.ask).toHaveBeenCalledTimes(1);
    expect(identities.known(KEY)).toBe(ivan);
  });

  it('is cached as unknown for 5 seconds', async () => {
    const { identities, redis, services } = identitiesOf(() => refuse('KEY_INVALID'));
    await Promise.all(Array.from({ length: 50 }, () => expect(identities.lookUp(KEY)).rejects.toEqual(unknown)));
    for (let request = 0; request < 50; request++) await expect(identities.lookUp(KEY)).rejects.toEqual(unknown);
    expect(redis.get).toHaveBeenCalledTimes(1);
    expect(services.ask).toHaveBeenCalledTimes(1);

    services.ask.mockResolvedValue(ivan);
    jest.advanceTimersByTime(4_990);
    await expect(identities.lookUp(KEY)).rejects.toEqual(unknown);
    jest.advanceTimersByTime(20);
    expect(await identities.lookUp(KEY)).toBe(ivan);
  });

  it('is not cached when social-graph is unavailable', async () => {
    const { identities, services } = identitiesOf(() => refuse('SERVICE_UNAVAILABLE'));
    await expect(identities.lookUp(KEY)).rejects.toEqual(unavailable);
    services.ask.mockResolvedValue(ivan);
    expect(await identities.lookUp(KEY)).toBe(ivan);
  });

  it('is found at once after the registration of a key that was cached as unknown', async () => {
    const { identities, services } = identitiesOf(() => refuse('KEY_INVALID'));
    await expect(identities.lookUp(KEY)).rejects.toEqual(unknown);
    services.ask.mockResolvedValue(ivan);
    identities.registered(KEY);
    expect(await identities.lookUp(KEY)).toBe(ivan);
  });

  it('is not cached as unknown by a look-up that began before the registration', async () => {
    const { identities, services } = identitiesOf(async () => ivan);
    let answer = () => {};
    services.ask.mockImplementationOnce(
      () =>
        new Promise((_, reject) => {
          answer = () => reject(new ApiError('KEY_INVALID'));
        }),
    );
    const early = identities.lookUp(KEY);
    const refused = expect(early).rejects.toEqual(unknown);
    await new Promise(setImmediate);
    identities.registered(KEY);
    answer();
    await refused;
    expect(await identities.lookUp(KEY)).toBe(ivan);
  });

  it('is looked up by the hash of the key; the key itself is never sent', async () => {
    const { identities, redis, services } = identitiesOf(async () => ivan);
    await identities.lookUp(KEY);
    const keyHash = hashKey(KEY).toString('hex');
    expect(services.ask.mock.calls).toEqual([[expect.anything(), { keyHash }]]);
    expect(redis.get.mock.calls).toEqual([[`identity:${keyHash}`]]);
  });

  it('is looked up again after the user was suspended, even if a look-up is in progress and Redis has the user', async () => {
    const { identities, redis, services } = identitiesOf(async () => ivan);
    await identities.lookUp(KEY);
    redis.get.mockResolvedValue(JSON.stringify(ivan));
    identities.forget(ivan.id);
    expect(identities.known(KEY)).toBeUndefined();
    services.ask.mockImplementation(() => refuse('USER_SUSPENDED'));
    await expect(identities.lookUp(KEY)).rejects.toMatchObject({ code: 'USER_SUSPENDED' });
    services.ask.mockImplementation(async () => ivan);
    jest.advanceTimersByTime(1);
    expect(await identities.lookUp(KEY)).toBe(ivan);

    const { promise, resolve } = Promise.withResolvers<User>();
    const late = identitiesOf(() => promise);
    const looking = late.identities.lookUp(KEY);
    await jest.advanceTimersByTimeAsync(1);
    late.identities.forget(ivan.id);
    late.services.ask.mockImplementation(() => refuse('USER_SUSPENDED'));
    jest.advanceTimersByTime(1);
    resolve(ivan);
    await expect(looking).rejects.toMatchObject({ code: 'USER_SUSPENDED' });
  });

  it('is kept for minutes only while the gateway hears of all suspensions', async () => {
    const { identities } = identitiesOf(async () => ivan);
    let hears = true;
    identities.hearsAll = () => hears;
    await identities.lookUp(KEY);
    jest.advanceTimersByTime(590_000);
    expect(identities.known(KEY)).toBe(ivan);
    hears = false;
    expect(identities.known(KEY)).toBeUndefined();
    await identities.lookUp(KEY);
    jest.advanceTimersByTime(29_990);
    expect(identities.known(KEY)).toBe(ivan);
    jest.advanceTimersByTime(20);
    expect(identities.known(KEY)).toBeUndefined();
  });

  it('is looked up again after suspensions may have been missed', async () => {
    const { identities, services } = identitiesOf(async () => ivan);
    identities.hearsAll = () => true;
    await identities.lookUp(KEY);
    identities.forgetAll();
    expect(identities.known(KEY)).toBeUndefined();
    // A look-up that began before is kept as if the gateway did not hear of suspensions.
    const { promise, resolve } = Promise.withResolvers<User>();
    services.ask.mockImplementation(() => promise);
    const looking = identities.lookUp(KEY);
    await jest.advanceTimersByTimeAsync(1);
    identities.forgetAll();
    resolve(ivan);
    await looking;
    jest.advanceTimersByTime(29_000);
    expect(identities.known(KEY)).toBe(ivan);
    jest.advanceTimersByTime(1_001);
    expect(identities.known(KEY)).toBeUndefined();
  });

  it('is not taken from Redis by a gateway that was not running when the user was suspended', async () => {
    const { identities, redis, services } = identitiesOf(() => refuse('USER_SUSPENDED'));
    redis.get.mockResolvedValue(JSON.stringify(ivan));
    expect(await identities.lookUp(KEY)).toEqual(ivan);
    const later = identitiesOf(() => refuse('USER_SUSPENDED'));
    later.redis.get.mockResolvedValue(JSON.stringify(ivan));
    later.redis.exists.mockResolvedValue(1);
    await expect(later.identities.lookUp(KEY)).rejects.toMatchObject({ code: 'USER_SUSPENDED' });
    expect(services.ask).not.toHaveBeenCalled();
  });
});

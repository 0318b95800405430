import { hashKey, type User, type UserId } from '@activity-feed/contracts';
import type { Redis } from 'ioredis';
import { ApiError } from '../error-answers/api-error';
import type { Services } from '../services/services';
import { Identities } from './identities';

const ivan: User = { id: 1 as UserId, name: 'ivan' };
const KEY = 'abc123';
const unknown = expect.objectContaining({ code: 'KEY_INVALID' });
const unavailable = expect.objectContaining({ code: 'SERVICE_UNAVAILABLE' });
const refuse = (code: 'KEY_INVALID' | 'SERVICE_UNAVAILABLE') => Promise.reject(new ApiError(code));

/** Identities without Redis's help, and how often Redis and social-graph were asked. */
function identitiesOf(answer: () => Promise<User>) {
  const redis = { get: jest.fn(async () => null), set: jest.fn(async () => 'OK') };
  const services = { ask: jest.fn(answer) };
  return { redis, services, identities: new Identities(redis as unknown as Redis, services as unknown as Services) };
}

describe('whom a key belongs to', () => {
  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['setImmediate'] });
    // The cache takes a time of 0 for none.
    jest.advanceTimersByTime(1);
  });
  afterEach(() => jest.useRealTimers());

  it('is looked up once for all who ask at once', async () => {
    const { identities, redis, services } = identitiesOf(async () => ivan);
    const users = await Promise.all(Array.from({ length: 100 }, () => identities.lookUp(KEY)));
    expect(new Set(users)).toEqual(new Set([ivan]));
    expect(redis.get).toHaveBeenCalledTimes(1);
    expect(services.ask).toHaveBeenCalledTimes(1);
    expect(identities.known(KEY)).toBe(ivan);
  });

  it('is remembered for seconds when it is nobody', async () => {
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

  it('is not remembered when social-graph could not say', async () => {
    const { identities, services } = identitiesOf(() => refuse('SERVICE_UNAVAILABLE'));
    await expect(identities.lookUp(KEY)).rejects.toEqual(unavailable);
    services.ask.mockResolvedValue(ivan);
    expect(await identities.lookUp(KEY)).toBe(ivan);
  });

  it('is known at once when a user is registered with a key that was asked for before', async () => {
    const { identities, services } = identitiesOf(() => refuse('KEY_INVALID'));
    await expect(identities.lookUp(KEY)).rejects.toEqual(unknown);
    services.ask.mockResolvedValue(ivan);
    identities.registered(KEY);
    expect(await identities.lookUp(KEY)).toBe(ivan);
  });

  it('is not taken from a look-up that began before the registration', async () => {
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

  it('leaves the process as a hash of the key alone', async () => {
    const { identities, redis, services } = identitiesOf(async () => ivan);
    await identities.lookUp(KEY);
    const keyHash = hashKey(KEY).toString('hex');
    expect(services.ask.mock.calls).toEqual([[expect.anything(), { keyHash }]]);
    expect(redis.get.mock.calls).toEqual([[`identity:${keyHash}`]]);
  });
});

import { hashKey, type KeyUser, newKey, type User, type UserId } from '@activity-feed/contracts';
import { ApiError } from '../error-answers/api-error';
import type { Services } from '../services/services';
import { Identities } from './identities';

const ivan: User = { id: 1 as UserId, name: 'ivan' };
const KEY = 'abc123';
const unknown = expect.objectContaining({ code: 'KEY_INVALID' });
const unavailable = expect.objectContaining({ code: 'SERVICE_UNAVAILABLE' });
const refuse = (code: 'KEY_INVALID' | 'SERVICE_UNAVAILABLE' | 'USER_SUSPENDED') => Promise.reject(new ApiError(code));

/** Identities, and a mock that counts the look-ups. */
function identitiesOf(answer: () => Promise<KeyUser>) {
  const services = { ask: jest.fn(answer) };
  return { services, identities: new Identities(services as unknown as Services) };
}

describe('the user of a key', () => {
  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['setImmediate'] });
    // The cache treats a time of 0 as unset.
    jest.advanceTimersByTime(1);
  });
  afterEach(() => jest.useRealTimers());

  it('is looked up once for concurrent requests', async () => {
    const { identities, services } = identitiesOf(async () => ivan);
    const users = await Promise.all(Array.from({ length: 100 }, () => identities.lookUp(KEY)));
    expect(users.map(({ user }) => user)).toEqual(users.map(() => ivan));
    expect(services.ask).toHaveBeenCalledTimes(1);
    expect(identities.known(KEY)?.user).toEqual(ivan);
  });

  it('is cached as unknown for 5 seconds', async () => {
    const { identities, services } = identitiesOf(() => refuse('KEY_INVALID'));
    await Promise.all(Array.from({ length: 50 }, () => expect(identities.lookUp(KEY)).rejects.toEqual(unknown)));
    for (let request = 0; request < 50; request++) await expect(identities.lookUp(KEY)).rejects.toEqual(unknown);
    expect(services.ask).toHaveBeenCalledTimes(1);

    services.ask.mockResolvedValue(ivan);
    jest.advanceTimersByTime(4_990);
    await expect(identities.lookUp(KEY)).rejects.toEqual(unknown);
    jest.advanceTimersByTime(20);
    expect((await identities.lookUp(KEY)).user).toEqual(ivan);
  });

  it('is not cached when social-graph is unavailable', async () => {
    const { identities, services } = identitiesOf(() => refuse('SERVICE_UNAVAILABLE'));
    await expect(identities.lookUp(KEY)).rejects.toEqual(unavailable);
    services.ask.mockResolvedValue(ivan);
    expect((await identities.lookUp(KEY)).user).toEqual(ivan);
  });

  it('is found at once after a key was issued that was cached as unknown', async () => {
    const { identities, services } = identitiesOf(() => refuse('KEY_INVALID'));
    await expect(identities.lookUp(KEY)).rejects.toEqual(unknown);
    services.ask.mockResolvedValue(ivan);
    identities.issued(KEY);
    expect((await identities.lookUp(KEY)).user).toEqual(ivan);
  });

  it('is not cached as unknown by a look-up that began before the key was issued', async () => {
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
    identities.issued(KEY);
    answer();
    await refused;
    expect((await identities.lookUp(KEY)).user).toEqual(ivan);
  });

  it('is looked up by the hash of the key; the key itself is never sent', async () => {
    const { identities, services } = identitiesOf(async () => ivan);
    await identities.lookUp(KEY);
    const keyHash = hashKey(KEY).toString('hex');
    expect(services.ask.mock.calls).toEqual([[expect.anything(), { keyHash, withExpiry: true, withLimits: true }]]);
  });

  it('is looked up again after the user was forgotten, even if a look-up is in progress', async () => {
    const { identities, services } = identitiesOf(async () => ivan);
    identities.receivesAll = () => true;
    const keyHash = hashKey(KEY).toString('hex');
    await identities.lookUp(KEY);
    identities.forget(ivan.id);
    expect(identities.known(KEY)).toBeUndefined();
    services.ask.mockImplementation(() => refuse('USER_SUSPENDED'));
    await expect(identities.lookUp(KEY)).rejects.toMatchObject({ code: 'USER_SUSPENDED' });
    await expect(identities.findByHash(keyHash)).rejects.toMatchObject({ code: 'USER_SUSPENDED' });
    services.ask.mockImplementation(async () => ivan);
    jest.advanceTimersByTime(1);
    expect((await identities.lookUp(KEY)).user).toEqual(ivan);

    const { promise, resolve } = Promise.withResolvers<User>();
    const late = identitiesOf(() => promise);
    const looking = late.identities.lookUp(KEY);
    await jest.advanceTimersByTimeAsync(1);
    late.identities.forget(ivan.id);
    late.services.ask.mockImplementation(() => refuse('KEY_INVALID'));
    jest.advanceTimersByTime(1);
    resolve(ivan);
    await expect(looking).rejects.toEqual(unknown);
  });

  it('is looked up again if the process was frozen so long that it may have forgotten the user meanwhile', async () => {
    const { promise, resolve } = Promise.withResolvers<User>();
    const { identities, services } = identitiesOf(() => promise);
    const looking = identities.lookUp(KEY);
    await jest.advanceTimersByTimeAsync(1);
    identities.forget(ivan.id);
    services.ask.mockImplementation(() => refuse('KEY_INVALID'));
    jest.advanceTimersByTime(60_000);
    resolve(ivan);
    await expect(looking).rejects.toEqual(unknown);
  });

  it('is kept for minutes only while the gateway receives all changes, and otherwise for a second', async () => {
    const { identities } = identitiesOf(async () => ivan);
    let receives = true;
    identities.receivesAll = () => receives;
    await identities.lookUp(KEY);
    jest.advanceTimersByTime(590_000);
    expect(identities.known(KEY)?.user).toEqual(ivan);
    receives = false;
    expect(identities.known(KEY)).toBeUndefined();
    await identities.lookUp(KEY);
    jest.advanceTimersByTime(990);
    expect(identities.known(KEY)?.user).toEqual(ivan);
    jest.advanceTimersByTime(20);
    expect(identities.known(KEY)).toBeUndefined();
  });

  it('is not kept for minutes if the gateway did not receive changes when it was looked up', async () => {
    const { identities } = identitiesOf(async () => ivan);
    let receives = false;
    identities.receivesAll = () => receives;
    await identities.lookUp(KEY);
    receives = true;
    jest.advanceTimersByTime(990);
    expect(identities.known(KEY)?.user).toEqual(ivan);
    jest.advanceTimersByTime(20);
    expect(identities.known(KEY)).toBeUndefined();
  });

  it('is looked up again after changes may have been missed', async () => {
    const { identities, services } = identitiesOf(async () => ivan);
    identities.receivesAll = () => true;
    await identities.lookUp(KEY);
    identities.forgetAll();
    expect(identities.known(KEY)).toBeUndefined();
    // A look-up that began before is kept as if the gateway did not receive changes.
    const { promise, resolve } = Promise.withResolvers<User>();
    services.ask.mockImplementation(() => promise);
    const looking = identities.lookUp(KEY);
    await jest.advanceTimersByTimeAsync(1);
    identities.forgetAll();
    resolve(ivan);
    await looking;
    expect(identities.known(KEY)?.user).toEqual(ivan);
    jest.advanceTimersByTime(1_000);
    expect(identities.known(KEY)).toBeUndefined();
  });

  it('is asked for again by a later request that receives no changes, although an earlier look-up is in progress', async () => {
    const { promise, resolve } = Promise.withResolvers<User>();
    const { identities, services } = identitiesOf(() => promise);
    const early = identities.lookUp(KEY);
    await jest.advanceTimersByTimeAsync(990);
    const young = identities.lookUp(KEY);
    expect(services.ask).toHaveBeenCalledTimes(1);
    jest.advanceTimersByTime(20);
    services.ask.mockImplementation(() => refuse('KEY_INVALID'));
    await expect(identities.lookUp(KEY)).rejects.toEqual(unknown);
    resolve(ivan);
    expect(await Promise.all([early, young])).toMatchObject([{ user: ivan }, { user: ivan }]);
    expect(identities.known(KEY)).toBeUndefined();
  });

  it('is refused once the key has expired', async () => {
    const { identities, services } = identitiesOf(async () => ({ ...ivan, expiresIn: 60_000 }));
    identities.receivesAll = () => true;
    expect((await identities.lookUp(KEY)).user).toEqual(ivan);
    services.ask.mockImplementation(() => refuse('KEY_INVALID'));
    jest.advanceTimersByTime(59_990);
    expect(identities.known(KEY)?.user).toEqual(ivan);
    jest.advanceTimersByTime(20);
    expect(identities.known(KEY)).toBeUndefined();
    await expect(identities.lookUp(KEY)).rejects.toEqual(unknown);
  });

  it('is not looked up for a mistyped key', async () => {
    const { identities, services } = identitiesOf(async () => ivan);
    const key = newKey();
    const mistyped = `${key.slice(0, -1)}${key.endsWith('a') ? 'b' : 'a'}`;
    await expect(identities.lookUp(mistyped)).rejects.toEqual(unknown);
    expect(services.ask).not.toHaveBeenCalled();
    expect((await identities.lookUp(key)).user).toEqual(ivan);
  });

  it('is forgotten with all keys of the user', async () => {
    const { identities } = identitiesOf(async () => ivan);
    identities.receivesAll = () => true;
    const keys = Array.from({ length: 3 }, newKey);
    for (const key of keys) await identities.lookUp(key);
    identities.forget((ivan.id + 1) as UserId);
    expect(keys.map((key) => identities.known(key)?.user)).toEqual(keys.map(() => ivan));
    identities.forget(ivan.id);
    expect(keys.map((key) => identities.known(key))).toEqual(keys.map(() => undefined));
  });
});

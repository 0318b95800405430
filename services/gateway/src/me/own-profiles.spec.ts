import type { EventTime, Source, StreamPosition, UserId, UserProfile } from '@activity-feed/contracts';
import type { WrittenVersions } from '../read-own-writes/written-versions';
import type { Services } from '../services/services';
import { OwnProfiles } from './own-profiles';

const [IVAN, NICO] = [1, 2] as [UserId, UserId];
const time = '2019-02-10T12:00:00.000001+00:00' as EventTime;

/** What `WrittenVersions` knows. */
class KnownPositions {
  receivesAll = true;
  readonly newest = jest.fn(async (user: UserId) => this.announce(user, 1));
  private readonly positions = new Map<UserId, StreamPosition>();

  position = (source: Source, user: UserId) =>
    source === 'social-graph' && this.receivesAll ? this.positions.get(user) : undefined;

  announce(stream: UserId, version: number): void {
    this.positions.set(stream, { source: 'social-graph', stream, version });
  }

  forget(): void {
    this.positions.clear();
  }
}

describe('own profiles', () => {
  let positions: KnownPositions;
  /** Whom users follow, as social-graph has it. */
  let follows: Map<UserId, UserId[]>;
  let ask: jest.Mock<Promise<UserProfile>, [unknown, { id: UserId }]>;
  let profiles: OwnProfiles;

  beforeEach(() => {
    jest.useFakeTimers();
    // The cache treats a time of 0 as unset.
    jest.advanceTimersByTime(1);
    positions = new KnownPositions();
    follows = new Map([[IVAN, [NICO]]]);
    ask = jest.fn(async (_, { id }) => profileOf(id));
    profiles = new OwnProfiles({ ask } as unknown as Services, positions as unknown as WrittenVersions);
  });
  afterEach(() => jest.useRealTimers());

  const profileOf = (id: UserId): UserProfile => ({
    id,
    name: `user_${id}`,
    followIds: follows.get(id) ?? [],
    createdAt: time,
    updatedAt: time,
  });
  const read = async (user = IVAN): Promise<UserId[]> => {
    const text = profiles.known(user) ?? (await profiles.ask(user));
    return JSON.parse(text.withKey('key')).follow_ids;
  };

  it('are asked for once the positions of their users are known, and then kept', async () => {
    expect(await read()).toEqual([NICO]);
    expect(positions.newest).toHaveBeenCalledTimes(1);
    for (let request = 0; request < 5; request++) expect(await read()).toEqual([NICO]);
    expect(ask).toHaveBeenCalledTimes(2);
    expect(positions.newest).toHaveBeenCalledTimes(1);
  });

  it('are asked for again after every announced change', async () => {
    positions.announce(IVAN, 2);
    positions.announce(NICO, 1);
    await Promise.all([read(), read(NICO)]);
    follows.set(IVAN, []);
    positions.announce(IVAN, 3);
    expect(await read()).toEqual([]);
    expect(await read()).toEqual([]);
    expect(await read(NICO)).toEqual([]);
    expect(ask).toHaveBeenCalledTimes(3);
  });

  it('are not kept if a change is announced while they are asked for', async () => {
    positions.announce(IVAN, 2);
    const { promise, resolve } = Promise.withResolvers<UserProfile>();
    ask.mockReturnValueOnce(promise);
    const early = read();
    positions.announce(IVAN, 3);
    resolve({ ...profileOf(IVAN), followIds: [] });
    expect(await early).toEqual([]);
    expect(await read()).toEqual([NICO]);
  });

  it('are asked for while announcements may be missed, and after that', async () => {
    positions.announce(IVAN, 2);
    await read();
    positions.receivesAll = false;
    follows.set(IVAN, []);
    expect(await read()).toEqual([]);
    expect(positions.newest).not.toHaveBeenCalled();
    positions.receivesAll = true;
    positions.forget();
    positions.announce(IVAN, 2);
    expect(await read()).toEqual([]);
  });

  it('are asked for after a minute', async () => {
    positions.announce(IVAN, 2);
    await read();
    follows.set(IVAN, []);
    jest.advanceTimersByTime(59_900);
    expect(await read()).toEqual([NICO]);
    jest.advanceTimersByTime(200);
    expect(await read()).toEqual([]);
  });

  it('are not kept if social-graph does not answer', async () => {
    positions.announce(IVAN, 2);
    ask.mockRejectedValueOnce(new Error('unavailable'));
    await expect(read()).rejects.toThrow('unavailable');
    expect(await read()).toEqual([NICO]);
  });

  it('are forgotten, the least used first, when they take too much memory', async () => {
    const many = Array.from({ length: 1_000_000 }, (_, index) => (1_000_000_000 + index) as UserId);
    const users = [11, 12, 13, 14] as UserId[];
    for (const user of users) {
      follows.set(user, many);
      positions.announce(user, 1);
      await profiles.ask(user);
    }
    expect(users.map((user) => profiles.known(user) !== undefined)).toEqual([false, true, true, true]);
  });
});

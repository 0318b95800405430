import { READ_WAIT, type StreamPosition, type UserId } from '@activity-feed/contracts';
import type { TimelineIndex } from '../timeline-index/timeline-index';
import { IndexedVersions } from './indexed-versions';
import { UnverifiedVersion } from './unverified-version';
import { WaitBudget } from './wait-budget';
import { WaitingPlaces, WaitingReads } from './waiting-reads';

const LIMIT = READ_WAIT;
const ofUser = (stream: number, version = 1): StreamPosition => ({
  source: 'activity',
  stream: stream as UserId,
  version,
});

describe('reads that must show a version', () => {
  /** The newest version of each user. */
  let newest: Map<number, number>;
  let still: boolean;

  beforeEach(() => {
    newest = new Map();
    still = false;
    jest.useFakeTimers();
  });
  afterEach(() => jest.useRealTimers());

  function versionsOf(places = new WaitingPlaces()) {
    const index = { versionOf: (_: string, stream: number) => newest.get(stream) ?? 0 } as unknown as TimelineIndex;
    return new IndexedVersions(index, new WaitingReads({ places, isStalled: () => still }));
  }

  /** What each read says by now; undefined for one that waits. */
  async function answersOf(reads: Promise<boolean>[]): Promise<(boolean | undefined)[]> {
    await jest.advanceTimersByTimeAsync(0);
    return Promise.all(reads.map((read) => Promise.race([read, Promise.resolve(undefined)])));
  }

  it('wait until it is in, or until their time is up', async () => {
    const versions = versionsOf();
    const reads = [1, 2].map((stream) => versions.reach({ atLeast: [ofUser(stream)] }, new WaitBudget()));
    expect(await answersOf(reads)).toEqual([undefined, undefined]);
    newest.set(1, 1);
    versions.changed('activity');
    expect(await answersOf(reads)).toEqual([true, undefined]);
    await jest.advanceTimersByTimeAsync(LIMIT);
    expect(await answersOf(reads)).toEqual([true, false]);
  });

  it('are answered at once beyond a number of waiting ones, whichever way these wait', async () => {
    const places = new WaitingPlaces(3);
    const [one, other] = [versionsOf(places), versionsOf(places)];
    const reads = [one, one, other, other, one].map((versions) =>
      versions.reach({ atLeast: [ofUser(1)] }, new WaitBudget()),
    );
    expect(await answersOf(reads)).toEqual([undefined, undefined, undefined, false, false]);
    newest.set(1, 1);
    one.changed('activity');
    other.changed('activity');
    expect(await answersOf(reads)).toEqual([true, true, true, false, false]);
    expect(await answersOf([one.reach({ atLeast: [ofUser(2)] }, new WaitBudget())])).toEqual([undefined]);
  });

  it('are answered at once while the log stands still', async () => {
    still = true;
    const versions = versionsOf();
    expect(await versions.reach({ atLeast: [ofUser(1)] }, new WaitBudget())).toBe(false);
    still = false;
    expect(await answersOf([versions.reach({ atLeast: [ofUser(1)] }, new WaitBudget())])).toEqual([undefined]);
  });

  it('are answered at once but for one while nothing arrives of a source that was waited for in vain', async () => {
    const versions = versionsOf();
    const lacking = { atLeast: [ofUser(1)] };
    const first = versions.reach(lacking, new WaitBudget());
    await jest.advanceTimersByTimeAsync(LIMIT);
    expect(await first).toBe(false);
    expect(await answersOf([1, 2, 3].map(() => versions.reach(lacking, new WaitBudget())))).toEqual([
      undefined,
      false,
      false,
    ]);
    // Other sources are none of it.
    const follow: StreamPosition = { ...ofUser(1), source: 'social-graph' };
    expect(await answersOf([versions.reach({ atLeast: [follow] }, new WaitBudget())])).toEqual([undefined]);
    await jest.advanceTimersByTimeAsync(LIMIT);
    newest.set(2, 1);
    versions.changed('activity');
    expect(await answersOf([1, 2, 3].map(() => versions.reach(lacking, new WaitBudget())))).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('are waited for after others of their source arrived while one was waited for in vain', async () => {
    const versions = versionsOf();
    const first = versions.reach({ atLeast: [ofUser(1)] }, new WaitBudget());
    versions.changed('activity');
    await jest.advanceTimersByTimeAsync(LIMIT);
    expect(await first).toBe(false);
    expect(await answersOf([1, 2].map(() => versions.reach({ atLeast: [ofUser(1)] }, new WaitBudget())))).toEqual([
      undefined,
      undefined,
    ]);
  });

  it('do not wait for what may not exist', async () => {
    const versions = versionsOf();
    const unverified = [ofUser(1, 999_999_999)];
    await expect(versions.reach({ atLeast: [...unverified], unverified }, new WaitBudget())).rejects.toThrow(
      UnverifiedVersion,
    );
    newest.set(1, 999_999_999);
    expect(await versions.reach({ atLeast: [...unverified], unverified }, new WaitBudget())).toBe(true);
  });
});

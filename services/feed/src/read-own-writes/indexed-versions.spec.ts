import { READ_WAIT_LIMIT, type StreamPosition, type UserId } from '@activity-feed/contracts';
import type { TimelineIndex } from '../timeline-index/timeline-index';
import { IndexedVersions } from './indexed-versions';
import { UnverifiedVersion } from './unverified-version';
import { WaitClock } from './wait-clock';
import { WaitingReads, WaitSlots } from './waiting-reads';

const LIMIT = READ_WAIT_LIMIT;
const ofUser = (stream: number, version = 1): StreamPosition => ({
  source: 'activity',
  stream: stream as UserId,
  version,
});

describe('reads with a required version', () => {
  /** The newest version of each user. */
  let newest: Map<number, number>;
  let isStalled: boolean;

  beforeEach(() => {
    newest = new Map();
    isStalled = false;
    jest.useFakeTimers();
  });
  afterEach(() => jest.useRealTimers());

  function versionsOf(slots = new WaitSlots()) {
    const versionOf = (_: string, stream: number) => newest.get(stream) ?? 0;
    const index = { versionOf, isSettled: () => true } as unknown as TimelineIndex;
    return new IndexedVersions(index, new WaitingReads({ slots, isStalled: () => isStalled }));
  }

  /** The reads' results so far; undefined for a waiting one. */
  async function answersOf(reads: Promise<boolean>[]): Promise<(boolean | undefined)[]> {
    await jest.advanceTimersByTimeAsync(0);
    return Promise.all(reads.map((read) => Promise.race([read, Promise.resolve(undefined)])));
  }

  it('wait until it is applied or the time is up', async () => {
    const versions = versionsOf();
    const reads = [1, 2].map((stream) => versions.reach({ atLeast: [ofUser(stream)] }, new WaitClock()));
    expect(await answersOf(reads)).toEqual([undefined, undefined]);
    newest.set(1, 1);
    versions.changed('activity');
    expect(await answersOf(reads)).toEqual([true, undefined]);
    await jest.advanceTimersByTimeAsync(LIMIT);
    expect(await answersOf(reads)).toEqual([true, false]);
  });

  it('do not wait while the maximum number of reads is already waiting in the process', async () => {
    const slots = new WaitSlots(3);
    const [one, other] = [versionsOf(slots), versionsOf(slots)];
    const reads = [one, one, other, other, one].map((versions) =>
      versions.reach({ atLeast: [ofUser(1)] }, new WaitClock()),
    );
    expect(await answersOf(reads)).toEqual([undefined, undefined, undefined, false, false]);
    newest.set(1, 1);
    one.changed('activity');
    other.changed('activity');
    expect(await answersOf(reads)).toEqual([true, true, true, false, false]);
    expect(await answersOf([one.reach({ atLeast: [ofUser(2)] }, new WaitClock())])).toEqual([undefined]);
  });

  it('do not wait while the log is stalled', async () => {
    isStalled = true;
    const versions = versionsOf();
    expect(await versions.reach({ atLeast: [ofUser(1)] }, new WaitClock())).toBe(false);
    isStalled = false;
    expect(await answersOf([versions.reach({ atLeast: [ofUser(1)] }, new WaitClock())])).toEqual([undefined]);
  });

  it('wait one at a time for a source after a timeout without arrivals', async () => {
    const versions = versionsOf();
    const lacking = { atLeast: [ofUser(1)] };
    const first = versions.reach(lacking, new WaitClock());
    await jest.advanceTimersByTimeAsync(LIMIT);
    expect(await first).toBe(false);
    expect(await answersOf([1, 2, 3].map(() => versions.reach(lacking, new WaitClock())))).toEqual([
      undefined,
      false,
      false,
    ]);
    // Other sources are not affected.
    const follow: StreamPosition = { ...ofUser(1), source: 'social-graph' };
    expect(await answersOf([versions.reach({ atLeast: [follow] }, new WaitClock())])).toEqual([undefined]);
    await jest.advanceTimersByTimeAsync(LIMIT);
    newest.set(2, 1);
    versions.changed('activity');
    expect(await answersOf([1, 2, 3].map(() => versions.reach(lacking, new WaitClock())))).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('all wait after a timeout during which other events of the source arrived', async () => {
    const versions = versionsOf();
    const first = versions.reach({ atLeast: [ofUser(1)] }, new WaitClock());
    versions.changed('activity');
    await jest.advanceTimersByTimeAsync(LIMIT);
    expect(await first).toBe(false);
    expect(await answersOf([1, 2].map(() => versions.reach({ atLeast: [ofUser(1)] }, new WaitClock())))).toEqual([
      undefined,
      undefined,
    ]);
  });

  it('do not wait for a version that may not exist', async () => {
    const versions = versionsOf();
    const unverified = [ofUser(1, 999_999_999)];
    await expect(versions.reach({ atLeast: [...unverified], unverified }, new WaitClock())).rejects.toThrow(
      UnverifiedVersion,
    );
    newest.set(1, 999_999_999);
    expect(await versions.reach({ atLeast: [...unverified], unverified }, new WaitClock())).toBe(true);
  });
});

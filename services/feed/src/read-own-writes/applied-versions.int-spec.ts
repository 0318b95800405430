import type { Source, StreamPosition, UserId } from '@activity-feed/contracts';
import { createFeedDatabase } from '../../../../test/harness/feed-databases';
import type { TestDatabase } from '../../../../test/harness/test-database';
import { AppliedVersions } from './applied-versions';
import { UnverifiedVersion } from './unverified-version';
import { WaitClock } from './wait-clock';
import { WaitingReads, WaitSlots } from './waiting-reads';

/** A budget that never expires. */
const LONG = { left: 60_000, within: <T>(work: Promise<T>) => work } as unknown as WaitClock;

const position = (stream: number, version: number, source: Source = 'activity'): StreamPosition => ({
  source,
  stream: stream as UserId,
  version,
});

describe('required versions in the database', () => {
  let database: TestDatabase;
  let waiting: WaitingReads;
  let arrived: jest.SpiedFunction<WaitingReads['arrived']>;
  let versions: AppliedVersions;

  beforeAll(async () => {
    database = await createFeedDatabase();
  });
  afterAll(() => database?.drop());
  beforeEach(async () => {
    await database.pool.query('TRUNCATE applied_versions, projection_offsets');
    waiting = new WaitingReads({ slots: new WaitSlots() });
    arrived = jest.spyOn(waiting, 'arrived');
    versions = new AppliedVersions(database.pool, waiting);
  });

  async function apply({ source, stream, version }: StreamPosition): Promise<void> {
    await database.pool.query(
      `INSERT INTO applied_versions VALUES ($1, $2, $3)
       ON CONFLICT (source, stream) DO UPDATE SET version = excluded.version`,
      [source, stream, version],
    );
  }

  async function moveTo(topic: string, offset: number): Promise<void> {
    await database.pool.query(
      `INSERT INTO projection_offsets VALUES ($1, 0, $2)
       ON CONFLICT (topic, partition) DO UPDATE SET next_offset = excluded.next_offset`,
      [topic, offset],
    );
  }

  /** Resolves when the read has polled the database once and waits. */
  async function reading(wanted: StreamPosition[], limit: WaitClock): Promise<Promise<boolean>[]> {
    const begun = new Promise<void>((resolve) => {
      const begin = waiting.begin.bind(waiting);
      jest.spyOn(waiting, 'begin').mockImplementation((...args) => {
        resolve();
        return begin(...args);
      });
    });
    const read = versions.reach({ atLeast: wanted }, limit);
    await begun;
    return [read];
  }

  it('are reached without waiting if all of them, or higher ones, are applied', async () => {
    await apply(position(1, 3));
    await apply(position(2, 1, 'social-graph'));
    expect(await versions.reach({ atLeast: [] }, new WaitClock(0))).toBe(true);
    expect(await versions.reach({ atLeast: [position(1, 2), position(2, 1, 'social-graph')] }, new WaitClock(0))).toBe(
      true,
    );
  });

  it.each([
    ['a lower version is applied', position(1, 4)],
    ['another stream has the version', position(2, 1)],
    ['another source has the version', position(1, 1, 'social-graph')],
  ])('are not reached in time if only %s', async (_, missing) => {
    await apply(position(1, 3));
    expect(await versions.reach({ atLeast: [position(1, 3), missing] }, new WaitClock(50))).toBe(false);
  });

  it('are reached by a waiting read once another instance has applied the last of them', async () => {
    const [read] = await reading([position(1, 1), position(2, 1)], LONG);
    await apply(position(1, 1));
    await apply(position(2, 1));
    expect(await read).toBe(true);
  });

  it('are looked up immediately when the projector of this process reports them', async () => {
    const query = jest.spyOn(database.pool, 'query');
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask', 'performance'] });
    try {
      const [read] = await reading([position(1, 1)], LONG);
      // No time passes, so after the second poll only the projector's report can cause another.
      const polls = () => query.mock.calls.filter(([text]) => String(text).includes('AS missing')).length;
      while (polls() < 2) await new Promise(setImmediate);
      await Promise.all(query.mock.results.map(({ value }) => value));
      await apply(position(1, 1));
      versions.changed([position(2, 1)]);
      for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate);
      expect(polls()).toBe(2);
      versions.changed([position(2, 1), position(1, 1)]);
      expect(await read).toBe(true);
      expect(polls()).toBe(3);
    } finally {
      jest.useRealTimers();
      query.mockRestore();
    }
  });

  it('are rejected without waiting if they are missing and unverified', async () => {
    const unverified = [position(1, 9)];
    await expect(versions.reach({ atLeast: unverified, unverified }, LONG)).rejects.toThrow(UnverifiedVersion);
    await apply(position(1, 9));
    expect(await versions.reach({ atLeast: unverified, unverified }, new WaitClock(0))).toBe(true);
  });

  it('are not waited for while the maximum number of reads is already waiting', async () => {
    const slots = new WaitSlots(1);
    waiting = new WaitingReads({ slots });
    versions = new AppliedVersions(database.pool, waiting);
    const [read] = await reading([position(1, 1)], LONG);
    expect(await versions.reach({ atLeast: [position(2, 1)] }, LONG)).toBe(false);
    await apply(position(1, 1));
    expect(await read).toBe(true);
    expect(slots.acquire()).toBe(true);
  });

  it('count as an arrival only for sources whose offsets have advanced', async () => {
    await moveTo('activity.events.v1', 5);
    await versions.reach({ atLeast: [position(1, 1)] }, new WaitClock(0));
    arrived.mockClear();
    await versions.reach({ atLeast: [position(1, 1)] }, new WaitClock(0));
    expect(arrived).not.toHaveBeenCalled();
    await moveTo('activity.events.v1', 6);
    await versions.reach({ atLeast: [position(1, 1)] }, new WaitClock(0));
    expect(arrived.mock.calls).toEqual([['activity']]);
  });
});

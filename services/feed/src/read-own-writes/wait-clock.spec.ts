import {
  type EventId,
  type EventTime,
  type Microseconds,
  type PageQuery,
  READ_WAIT_LIMIT,
  type UserId,
} from '@activity-feed/contracts';
import type { Pool } from 'pg';
import type { Effects } from '../activity/effects';
import { IndexedFeed } from '../read-feed/indexed-feed';
import { LoadFollowees } from '../read-scope/load-followees';
import { ReadScope } from '../read-scope/read-scope';
import { TimelineIndex } from '../timeline-index/timeline-index';
import { AppliedVersions } from './applied-versions';
import { IndexedVersions } from './indexed-versions';
import { NO_TAKE_BACKS } from './recent-take-backs';
import { WaitClock } from './wait-clock';
import { WaitingReads, WaitSlots } from './waiting-reads';

const READER = 7 as UserId;
const query: PageQuery = {
  feed: 'friends',
  reader: READER,
  limit: 50,
  nextUrl: '/?cursor=',
  atLeast: [{ source: 'social-graph', stream: READER, version: 1 }],
};
const follow: Effects = {
  source: 'social-graph',
  stream: READER,
  version: 1,
  users: [{ id: READER, name: 'reader' }],
  activity: {
    time: '2026-03-10T12:00:00.000000+00:00' as EventTime,
    eventId: '00000000-0000-7000-8000-000000000007' as EventId,
    actorId: READER,
    verb: 'follow',
    objectType: null,
    objectId: null,
    targetId: 1 as UserId,
  },
  follow: { followerId: READER, followeeId: 1 as UserId, following: true, version: 1 },
};

describe('a read that waits several times', () => {
  let index: TimelineIndex;
  let versions: IndexedVersions;
  let followees: LoadFollowees;
  const slots = new WaitSlots();
  /** A database to which the projector has not yet written the follow. */
  const behind = { query: async () => ({ rows: [{ version: 0, part: null }] }) } as unknown as Pool;
  const isReady = () => true;

  beforeEach(() => {
    jest.useFakeTimers();
    index = new TimelineIndex({ budget: 1_000, followeeBudget: 1_000 });
    versions = new IndexedVersions(index, new WaitingReads({ slots }));
    followees = new LoadFollowees(behind, index);
  });
  afterEach(() => jest.useRealTimers());

  /** Milliseconds until `read` is answered, if the follow reaches the index `late`. */
  async function timeOf(read: Promise<unknown>, late: number): Promise<number> {
    const begun = performance.now();
    setTimeout(() => {
      index.apply(follow);
      versions.changed('social-graph');
    }, late);
    let took: number | undefined;
    void read.then(() => {
      took = performance.now() - begun;
    });
    while (took === undefined) await jest.advanceTimersByTimeAsync(10);
    return took;
  }

  const takeBacks = { requiredBy: () => NO_TAKE_BACKS };
  const page = (limits: Partial<PageQuery> = {}) => {
    const hypertable = { page: async () => [] };
    return Promise.resolve(
      new IndexedFeed({ index, versions, followees, hypertable, takeBacks, isReady }).page(
        { ...query, ...limits },
        undefined,
      ),
    );
  };
  const scope = () => {
    const none = undefined as never;
    return new ReadScope({
      index,
      versions,
      followees,
      takeBacks,
      applied: none,
      pool: none,
      boundaries: none,
      isReady,
    }).ofActors({ feed: 'friends', reader: READER }, { required: query, from: 0 as Microseconds });
  };

  it.each([
    ['a page', page],
    ['a sum', scope],
  ])('spends no more than one budget on all waits: %s', async (_, read) => {
    const took = await timeOf(read(), READ_WAIT_LIMIT - 100);
    expect(took).toBeGreaterThanOrEqual(READ_WAIT_LIMIT - 100);
    expect(took).toBeLessThanOrEqual(READ_WAIT_LIMIT);
  });

  it('waits no longer than its gateway allows', async () => {
    expect(await timeOf(page({ waitLimit: 300 }), 10_000)).toBeLessThanOrEqual(300);
    expect(await timeOf(page({ waitLimit: 10 * READ_WAIT_LIMIT }), 20_000)).toBeLessThanOrEqual(READ_WAIT_LIMIT);
  });

  it('counts the time of queries to a slow database', async () => {
    const slow = async () => {
      await new Promise((resolve) => setTimeout(resolve, 700));
      return { rows: [{ missing: [1], progress: ['0', '0'] }] };
    };
    const applied = new AppliedVersions({ query: slow } as unknown as Pool, new WaitingReads({ slots }));
    expect(await timeOf(applied.reach(query, new WaitClock()), 10_000)).toBeLessThanOrEqual(READ_WAIT_LIMIT);
  });
});

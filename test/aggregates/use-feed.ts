import type { kindsOfAggregates } from '../harness/feed-databases';
import type { TestDatabase } from '../harness/test-database';
import { FeedUnderTest } from './feed-under-test';

const MINUTE = 60_000;

/** Opens a feed that answers from its database before the tests of a `describe`, and closes it after them. */
export function useFeed({ kind, open }: ReturnType<typeof kindsOfAggregates>[number], now: number) {
  const continuous = kind === 'continuous';
  const test = open ? it : it.skip;
  let database: TestDatabase;
  let feed: FeedUnderTest;

  beforeAll(async () => {
    if (!open) return;
    database = await open();
    feed = await FeedUnderTest.open(database, continuous, now);
    feed.useIndex(false);
  });
  beforeEach(async () => {
    if (!open) return;
    await feed.empty();
    feed.time = now;
  });
  afterAll(async () => {
    await feed?.close();
    await database?.drop();
  });

  return {
    continuous,
    /** Declares a test, which is skipped if there is no server for this kind of aggregates. */
    test,
    /** Declares a test for continuous aggregates only: views keep nothing of dropped activities, nor do they compress. */
    testContinuous: continuous ? test : () => undefined,
    /** Declares a test for views only: the server for continuous aggregates may have one session for all connections. */
    testWithSessions: continuous ? () => undefined : test,
    feed: () => feed,
    pool: () => database.pool,
    async refresh(): Promise<void> {
      feed.time += 5 * MINUTE;
      await feed.refresh();
    },
    async moveAll(): Promise<void> {
      while (!(await feed.move()));
    },
  };
}

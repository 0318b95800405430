import {
  type FeedEntry,
  type Microseconds,
  type ObjectType,
  type PageQuery,
  type UserId,
} from '@activity-feed/contracts';
import { inTransaction } from '@activity-feed/eventing';
import { readAtOnce } from '@activity-feed/link';
import fc from 'fast-check';
import { Client } from 'pg';
import { DAY, effectsOf, NOW, READER, step } from '../../../../test/harness/reader-steps';
import { createTestDatabase, silent, type TestDatabase } from '../../../../test/harness/test-database';
import type { Activity } from '../activity/activity';
import type { Effects } from '../activity/effects';
import { migrations } from '../database/migrations';
import { HypertableTimeline } from '../hypertable/hypertable-timeline';
import { loadingFloor } from '../load-index/loading-floor';
import { restoreStream } from '../load-index/restore-stream';
import { loadActivities, loadUsers } from '../load-index/snapshot';
import { decodeCursor } from '../page/page-cursor';
import { KnownUsers } from '../project-activities/known-users';
import { writeEffects } from '../project-activities/write-effects';
import { IndexedVersions } from '../read-own-writes/indexed-versions';
import { NO_TAKE_BACKS } from '../read-own-writes/recent-take-backs';
import { WaitingReads, WaitSlots } from '../read-own-writes/waiting-reads';
import { LoadFollowees } from '../read-scope/load-followees';
import { TimelineIndex } from '../timeline-index/timeline-index';
import { IndexedFeed } from './indexed-feed';

/** The reference query of a friends feed. */
const PLAIN = `
SELECT object_id FROM activities
WHERE actor_id IN (SELECT followee_id FROM follows WHERE follower_id = $1 AND following)
ORDER BY time DESC, event_id DESC`;

describe('pages from memory and, below it, from the hypertable', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createTestDatabase('timescaledb', migrations);
  });
  afterAll(() => database?.drop());

  async function empty(): Promise<void> {
    await database.pool.query('TRUNCATE activities, follows, users, applied_versions');
  }

  const project = (effects: Effects[]) =>
    inTransaction(database.pool, (tx) => writeEffects(tx, effects, new KnownUsers()));

  async function load(index: TimelineIndex, floor: Microseconds): Promise<void> {
    // The pool's connections use pipelining, which does not support COPY.
    const client = new Client({ connectionString: database.url });
    await client.connect();
    index.beginAbove(floor);
    await loadActivities(client, index, floor, () => undefined);
    await loadUsers(client, index);
    await client.end();
  }

  function feedOf(index: TimelineIndex): IndexedFeed {
    const followees = new LoadFollowees(database.pool, index);
    const hypertable = new HypertableTimeline(database.pool);
    return new IndexedFeed({
      index,
      versions: new IndexedVersions(index, new WaitingReads({ slots: new WaitSlots() })),
      followees,
      hypertable,
      takeBacks: { requiredBy: () => NO_TAKE_BACKS },
      isReady: () => true,
    });
  }

  async function page(feed: IndexedFeed, limit: number, before: Parameters<IndexedFeed['page']>[1]) {
    const query: PageQuery = { feed: 'friends', reader: READER as UserId, limit, atLeast: [], nextUrl: '' };
    const { payload } = await feed.page(query, before);
    return JSON.parse(Buffer.from(readAtOnce(payload)).toString()) as { friends_feed: FeedEntry[]; next_url: string };
  }

  /** All entries, page by page. Only the last page may be short. */
  async function pagesOf(feed: IndexedFeed, limit: number): Promise<FeedEntry[]> {
    const entries: FeedEntry[] = [];
    let before: ReturnType<typeof decodeCursor>;
    for (;;) {
      const { friends_feed, next_url } = await page(feed, limit, before);
      entries.push(...friends_feed);
      if (next_url === '') return entries;
      expect(friends_feed).toHaveLength(limit);
      before = decodeCursor(next_url);
    }
  }

  const plain = async () =>
    (await database.pool.query<{ object_id: number }>(PLAIN, [READER])).rows.map(({ object_id }) => object_id);

  it('equal the reference query for random worlds, windows, late events, follows and page sizes', async () => {
    const world = fc.record({
      steps: fc.uniqueArray(step, {
        selector: (taken) => ('id' in taken ? taken.id : taken),
        maxLength: 150,
        size: 'max',
      }),
      /** Number of events in the database when the index is loaded; the rest arrive from the log. */
      loaded: fc.integer({ min: 0, max: 150 }),
      floorAge: fc.option(fc.bigInt(0n, 3n * DAY)),
      budget: fc.integer({ min: 16, max: 200 }),
      limit: fc.integer({ min: 1, max: 30 }),
      /** Whether the reader's followees are in memory before the last events arrive. */
      readBefore: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(world, async ({ steps, loaded, floorAge, budget, limit, readBefore }) => {
        await empty();
        const effects = effectsOf(steps);
        await project(effects.slice(0, loaded));
        const index = new TimelineIndex({ budget, followeeBudget: 1_000, segmentBits: 4 });
        const floor = floorAge === null ? Number.NEGATIVE_INFINITY : Number(NOW - floorAge);
        await load(index, floor as Microseconds);
        const feed = feedOf(index);
        if (readBefore) await page(feed, limit, undefined);
        await project(effects.slice(loaded));
        for (const event of effects.slice(loaded)) expect(index.apply(event)).toBe('applied');
        expect((await pagesOf(feed, limit)).map(({ object_id }) => object_id)).toEqual(await plain());
      }),
      { numRuns: 80 },
    );
  });

  it('show nothing above the floor that only the database still has', async () => {
    await empty();
    const posts = [4n, 3n, 2n, 1n].map((age, number) => ({
      actor: 2,
      age,
      id: `00000000-0000-7000-8000-00000000000${number}`,
    }));
    const effects = effectsOf([{ followee: 2, following: true }, ...posts]);
    const activities = effects.flatMap(({ activity }) => activity ?? []);
    const [below, second, third, newest] = activities.map(({ objectId }) => objectId) as [
      number,
      number,
      number,
      number,
    ];
    await project(effects);
    const index = new TimelineIndex({ budget: 100, followeeBudget: 100 });
    await load(index, Number(NOW - 4n) as Microseconds);
    const takeBack = (object: number) => {
      const { actorId, verb, objectType, time } = activities.find(({ objectId }) => objectId === object) as Activity;
      const takenBack = { actorId, verb, objectType: objectType as ObjectType, objectId: object, from: time, to: time };
      const version = index.versionOf('activity', actorId) + 1;
      expect(index.apply({ source: 'activity', stream: actorId, version, users: [], takenBack })).toBe('applied');
    };
    const shown = async (limit: number) => (await pagesOf(feedOf(index), limit)).map(({ object_id }) => object_id);
    takeBack(second);
    for (const limit of [1, 2, 3, 10]) expect(await shown(limit)).toEqual([newest, third, below]);
    takeBack(newest);
    takeBack(third);
    // Nothing is left in memory.
    for (const limit of [1, 10]) expect(await shown(limit)).toEqual([below]);
  });

  it('include a stream with a gap, restored from the database', async () => {
    await empty();
    const effects = effectsOf([
      { followee: 2, following: true },
      ...[3n, 2n, 1n].map((age, number) => ({ actor: 2, age, id: `00000000-0000-7000-8000-00000000000${number}` })),
    ]);
    const index = new TimelineIndex({ budget: 100, followeeBudget: 100 });
    for (const event of [effects[0], effects[1]]) index.apply(event as Effects);
    const last = effects[3] as Effects;
    expect(index.apply(last)).toBe('gap');
    await project(effects.slice(0, 3));
    const restoring = restoreStream(database.pool, index, last, silent, () => false);
    await project(effects.slice(3));
    await restoring;
    expect(index.versionOf('activity', 2)).toBe(3);
    expect((await pagesOf(feedOf(index), 10)).map(({ object_id }) => object_id)).toEqual(await plain());
  });

  it('are served from whole chunks, as many as the budget requires', async () => {
    await empty();
    const steps = Array.from({ length: 60 }, (_, number) => ({
      actor: 2,
      age: BigInt(number) * (DAY / 20n),
      id: `00000000-0000-7000-8000-0000000000${String(number).padStart(2, '0')}`,
    }));
    await project(effectsOf(steps));
    await database.pool.query('ANALYZE activities');
    const client = await database.pool.connect();
    const floor = await loadingFloor(client, 20);
    client.release();
    const index = new TimelineIndex({ budget: 1_000, followeeBudget: 1 });
    await load(index, floor);
    const all = await database.pool.query<{ count: number }>(
      'SELECT count(*)::int AS count FROM activities WHERE time > to_timestamp($1::float8 / 1000000)',
      [floor],
    );
    expect(index.rows.count).toBe(all.rows[0]?.count);
    expect(index.rows.count).toBeGreaterThanOrEqual(20);
    expect(index.rows.count).toBeLessThan(60);
  });
});

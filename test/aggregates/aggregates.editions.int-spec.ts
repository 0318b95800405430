import type { EventTime, ObjectRef, UserId } from '@activity-feed/contracts';
import type { Effects } from '../../services/feed/src/activity/effects';
import { AGGREGATES, definitionOf } from '../../services/feed/src/aggregates/aggregate';
import { prepareViews } from '../../services/feed/src/aggregates/prepare-views';
import { readRelation } from '../../services/feed/src/aggregates/relations';
import { kindsOfAggregates } from '../harness/feed-databases';
import { silent, type TestDatabase } from '../harness/test-database';
import type { WorldPlan } from '../world/plan';
import { seededRandom } from '../world/random';
import type { PostedObject } from '../world/social-state';
import { ActivityModel } from './activity-model';
import { expectAsModel, expectEqual, groupsOf, type Questions } from './expect-as-model';
import { FeedUnderTest } from './feed-under-test';
import { interject } from './interject';
import { testLateEvents } from './late-event-tests';
import { LaterEvents } from './later-events';
import { testTakeBacks } from './take-back-tests';
import { WorldEffects } from './world-effects';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const PLAN: WorldPlan = {
  users: 200,
  activities: 8_000,
  days: 30,
  seed: 7,
  until: '2026-03-10T22:00:00.000000+00:00' as EventTime,
  firstIds: { user: 1, post: 1, photo: 1, comment: 1 },
};
const UNTIL = Date.parse(PLAN.until);
const MIDNIGHT = Date.parse('2026-03-11T00:00:00Z');

// A test database may be many times slower than a production one.
jest.setTimeout(180_000);

describe.each(kindsOfAggregates())('aggregate reads by $title', ({ kind, open }) => {
  const continuous = kind === 'continuous';
  const test = open ? it : it.skip;
  const model = new ActivityModel();
  // The test database for continuous aggregates is many times slower.
  const plan = continuous ? { ...PLAN, activities: 1_200, days: 12 } : PLAN;
  const world = new WorldEffects(plan);
  const random = seededRandom(plan.seed);
  const log: Effects[] = [];
  let database: TestDatabase;
  let feed: FeedUnderTest;
  let later: LaterEvents;
  let questions: Questions;

  beforeAll(async () => {
    if (!open) return;
    database = await open();
    feed = await FeedUnderTest.open(database, continuous, UNTIL + 10 * MINUTE);
    log.push(...world.all());
    for (const effects of log) model.add(effects);
    const shares = continuous ? [0, 0.3] : [0, 0.3, 0.99];
    const readers = shares.map((share) => (world.world.userAt(share) + 1) as UserId);
    const objects = log.flatMap(({ activity }) => (activity?.verb === 'post' ? [toObject(activity)] : []));
    const asked = [0, 0.3, 0.7, 0.9, 0.99].map((share) => objects[Math.floor(share * objects.length)] as ObjectRef);
    questions = { readers, objects: asked, limit: 40, pages: 3, days: [1, 7, 30, 366] };
    later = new LaterEvents(world, plan.users, objects);
  });
  afterAll(async () => {
    await feed?.close();
    await database?.drop();
  });

  /**
   * Checks reads from memory and the database, and for one reader from the database alone. Statistics may be missing late
   * events.
   */
  async function expectExact(): Promise<void> {
    const readers = [...questions.readers];
    const one = readers.splice(random.below(readers.length), 1);
    await expectAsModel(feed, model, { ...questions, readers });
    feed.useIndex(false);
    await expectAsModel(feed, model, { ...questions, readers: one });
    feed.useIndex(true);
  }

  async function expectAll(): Promise<void> {
    await expectExact();
    expectEqual(await feed.hours(), model.hours());
    for (const hours of [1, 24, 168]) expect(await feed.stats(hours)).toEqual(model.stats(hours, feed.time));
  }

  async function expectKinds(expected: string): Promise<void> {
    for (const { name } of AGGREGATES) expect((await readRelation(feed.client, name))?.kind).toBe(expected);
  }

  async function publish(effects: Effects[]): Promise<void> {
    await feed.project(effects);
    log.push(...effects);
    for (const event of effects) model.add(event);
  }

  /** Projects the log from its beginning. */
  async function rebuild(): Promise<void> {
    await feed.empty();
    await feed.project(log);
    feed.settle();
    while (!(await feed.move()));
  }

  test('are empty without activities', async () => {
    await expectAsModel(feed, new ActivityModel(), questions);
  });

  test('equal the model for past data, before and after a refresh', async () => {
    await rebuild();
    await expectAll();
    await expectKinds('view');
    feed.time += 5 * MINUTE;
    await feed.refresh();
    await expectKinds(kind);
    await expectAll();
  });

  const changing = {
    publish,
    expectExact,
    expectAll,
    get feed() {
      return feed;
    },
    between: (from: number, to: number, count: number) => later.between(from, to, count),
    takeBack: (from: number, to: number, count: number) => later.takeBack(model.undoable(), from, to, count),
    repeat: (count: number) => feed.project(log.slice(-count)),
  };

  testLateEvents(test, changing);
  testTakeBacks(test, changing);

  test('never split, repeat or skip a group if the day closes between two pages', async () => {
    await publish(later.between(feed.time, MIDNIGHT - MINUTE, 300));
    feed.time = MIDNIGHT - MINUTE / 2;
    for (const reader of questions.readers) {
      feed.time = MIDNIGHT - MINUTE / 2;
      const expected = model.groups('friends', reader);
      let { groups, next } = await feed.groups('friends', reader, 5);
      for (const minute of [5, 29, 31, 45]) {
        feed.time = MIDNIGHT + minute * MINUTE;
        await feed.refresh();
        const page = await feed.groups('friends', reader, 5, next);
        groups = [...groups, ...page.groups];
        next = page.next;
      }
      expect(groups).toEqual(expected.slice(0, 25));
    }
    await publish(later.between(MIDNIGHT, feed.time, 100));
    await expectAll();
  });

  test('are the same after a rebuild', async () => {
    await rebuild();
    feed.time += 5 * MINUTE;
    await feed.refresh();
    await expectAll();
  });

  test('are the same from compressed chunks, and follow late events and take-backs there', async () => {
    if (continuous) await feed.compress(UNTIL - 5 * DAY);
    await publish(later.between(UNTIL - 29 * DAY, UNTIL - 6 * DAY, 100));
    await publish(changing.takeBack(UNTIL - 29 * DAY, UNTIL - 6 * DAY, 100));
    await feed.project(log.slice(-50));
    await expectExact();
    feed.time += 5 * MINUTE;
    await feed.refresh();
    await expectAll();
  });

  test('stay correct while the definition of an aggregate changes', async () => {
    const changed = AGGREGATES.map((aggregate) => ({
      ...aggregate,
      // The first release had such a column by actor and day.
      select: aggregate.select.replace('count(*)', 'max(time) AS last_time, count(*)'),
    }));
    await prepareViews(database.url, silent, changed);
    let refreshed = !continuous;
    const refreshing = continuous && feed.refresh(feed.refresherOf(changed)).finally(() => (refreshed = true));
    do await expectAsModel(feed, model, { ...questions, readers: questions.readers.slice(0, 1) });
    while (!refreshed);
    await refreshing;
    await expectAll();
    for (const aggregate of changed) {
      expect(await readRelation(feed.client, aggregate.name)).toEqual({ kind, definition: definitionOf(aggregate) });
    }
  });

  test('keep dropped activities if aggregates are continuous, and lose them if they are views', async () => {
    const start = MIDNIGHT - 10 * DAY;
    if (continuous) {
      // Late activities older than the retention must not replace the groups that the aggregates keep.
      const late = later.between(start - 5 * DAY, start - DAY, 50);
      await interject(
        feed.client,
        'INSERT INTO activities_retention',
        () => feed.project(late),
        () => feed.retain(10 * DAY),
      );
      await expectExact();
      feed.time += 5 * MINUTE;
      await feed.refresh();
    }
    await feed.retain(10 * DAY);
    const oldest = await feed.pool.query<{ time: Date }>('SELECT min(time) AS time FROM activities');
    expect(oldest.rows[0]?.time.getTime()).toBeGreaterThanOrEqual(start);
    if (!continuous) model.forgetBefore(start);
    await expectAll();
  });

  test('keep dropped activities when definitions lose a column afterwards', async () => {
    await prepareViews(database.url, silent);
    await feed.refresh();
    await expectAll();
    for (const aggregate of AGGREGATES) {
      expect((await readRelation(feed.client, aggregate.name))?.definition).toBe(definitionOf(aggregate));
    }
  });

  test('keep dropped activities when late events arrive in that range', async () => {
    await feed.project(later.between(UNTIL - 20 * DAY, UNTIL - 19 * DAY, 10));
    feed.time += 5 * MINUTE;
    await feed.refresh();
    if (continuous) await expectAll();
    await feed.retain(10 * DAY);
    await expectAll();
    await feed.restart();
    await expectAll();
  });

  test('include unwritten activities when their hour and day close, and count them once after they are written', async () => {
    const unwritten = later.between(feed.time - 10 * MINUTE, feed.time, 200);
    feed.receive(unwritten);
    for (const event of unwritten) model.add(event);
    feed.time += 2 * HOUR;
    for (const { activity } of unwritten) {
      const object = toObject(activity as NonNullable<Effects['activity']>);
      expect(await feed.engagement(object)).toEqual(model.engagement(object));
    }
    // Without a refresh: memory is used where aggregates are not filled.
    feed.time += DAY;
    for (const reader of questions.readers) {
      expect(await feed.summary('friends', reader, 30)).toEqual(model.summary('friends', reader, 30, feed.time));
      const { limit, pages } = questions;
      expect(await groupsOf(feed, 'friends', reader, { limit, pages })).toEqual(
        model.groups('friends', reader).slice(0, limit * pages),
      );
    }
    await feed.project(unwritten);
    await expectExact();
    feed.time += 5 * MINUTE;
    await feed.refresh();
    await expectAll();
  });
});

const toObject = ({ objectType, objectId, actorId }: NonNullable<Effects['activity']>) =>
  ({ type: objectType, id: objectId, owner: actorId - PLAN.firstIds.user }) as PostedObject;

import type { EventTime, ObjectRef, UserId } from '@activity-feed/contracts';
import type { Effects } from '../../services/feed/src/activity/effects';
import { AGGREGATES } from '../../services/feed/src/aggregates/aggregate';
import { kindsOfAggregates } from '../harness/feed-databases';
import { seededRandom } from '../world/random';
import { ActivityModel } from './activity-model';
import { expectAsModel, expectEntriesAsModel, expectTrends, type Questions } from './expect-as-model';
import type { FeedUnderTest } from './feed-under-test';
import { ObjectStreams } from './object-streams';
import { useFeed } from './use-feed';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const NOW = Date.parse('2026-03-10T12:10:00Z');
const DAYS = 6;

const OWNER = 1 as UserId;
const USERS = Array.from({ length: 6 }, (_, place) => (place + 2) as UserId);
const READER = USERS[0] as UserId;
const OBJECTS: ObjectRef[] = [1, 2, 3].flatMap((id) => [
  { type: 'photo', id },
  { type: 'post', id },
]);
const [PHOTO] = OBJECTS as [ObjectRef];

// A test database may be many times slower than a production one.
jest.setTimeout(240_000);

/** A random comment: what it hangs on. */
type Comment = ObjectRef & { root: ObjectRef };

describe.each(kindsOfAggregates())('reads before activities are moved, with $title', (kind) => {
  const { continuous, test, testContinuous, refresh, moveAll, ...under } = useFeed(kind, NOW);
  let feed: FeedUnderTest;
  let model: ActivityModel;
  let streams: ObjectStreams;
  let comments: Comment[];
  let random = seededRandom(3);
  let microseconds = 0;

  beforeEach(async () => {
    feed = under.feed();
    if (!feed) return;
    [model, streams, comments, random] = [new ActivityModel(), new ObjectStreams(OWNER), [], seededRandom(3)];
    if (continuous) await feed.refresh();
    await publish([OWNER, ...USERS].map((user) => streams.follows(READER, user)));
    await publish(OBJECTS.map((object) => streams.does(OWNER, 'post', object, at(DAYS * DAY))));
    await publish(Array.from({ length: 300 }, () => happening()));
    await refresh();
  });

  /** Distinct times, `ago` milliseconds ago. */
  function at(ago: number): EventTime {
    const time = new Date(feed.time - ago).toISOString();
    return time.replace('Z', `${String(++microseconds % 1_000).padStart(3, '0')}+00:00`) as EventTime;
  }

  const one = <Item>(items: readonly Item[]) => items[random.below(items.length)] as Item;

  /** A like, a share, a comment or a like of a comment. Every third of the open day. */
  function happening(): Effects {
    const [actor, object] = [one(USERS), one(OBJECTS)];
    const time = at(Math.floor(random.fraction() * (random.below(3) === 0 ? 2 * 60 * MINUTE : DAYS * DAY)));
    const which = random.below(4);
    if (which === 0) {
      const comment: Comment = { type: 'comment', id: comments.length + 1, root: object };
      comments.push(comment);
      return streams.does(actor, 'comment', object, time, { commentId: comment.id });
    }
    if (which === 1 && comments.length > 0) {
      const { root, ...comment } = one(comments);
      return streams.does(actor, 'like', comment, time, { rootType: root.type, rootId: root.id, rootOwnerId: OWNER });
    }
    return streams.does(actor, which === 2 ? 'share' : 'like', object, time);
  }

  async function publish(effects: Effects[]): Promise<void> {
    for (const event of effects) model.add(event);
    await feed.project(effects);
  }

  const change = (object: ObjectRef, deleted: boolean) => publish([streams.turns(object, deleted)]);

  /** Some that are about the object, and others. */
  const publishLater = () => publish(Array.from({ length: 10 }, () => happening()));

  async function expectExact(): Promise<void> {
    const objects = [...OBJECTS, ...comments.slice(0, 5).map(({ type, id }): ObjectRef => ({ type, id }))];
    const questions: Questions = { readers: [READER], objects, limit: 100, pages: 10, days: [1, 30] };
    await expectAsModel(feed, model, questions);
    await expectEntriesAsModel(feed, model, questions);
    // From stored lists, and memory for the open hours.
    feed.settle();
    feed.useIndex(true);
    await expectTrends(feed, model, READER, 'all');
    feed.useIndex(false);
    // A continuous aggregate for statistics is as old as its last refresh.
    if (!continuous) expect(await feed.stats(168)).toEqual(model.stats(168, feed.time));
  }

  async function isPending(): Promise<boolean> {
    return (await under.pool().query('SELECT FROM object_states WHERE NOT moved')).rows.length > 0;
  }

  test('are without a deleted object at once, have it as a whole once it is restored, and stay so', async () => {
    const comment = comments.find(({ root }) => root === PHOTO) as Comment;
    for (const [object, deleted, transactions] of [
      [comment, true, 0],
      [PHOTO, true, 3],
      [PHOTO, false, 2],
      [comment, false, 0],
    ] as const) {
      await change(object, deleted);
      await expectExact();
      await feed.moveSome(transactions, 5);
      await publishLater();
      expect(await isPending()).toBe(true);
      await expectExact();
      await moveAll();
      expect(await isPending()).toBe(false);
      // The next change finds the aggregates refreshed.
      await refresh();
    }
    await expectExact();
    const { rows } = await under.pool().query('SELECT FROM hidden_activities');
    expect(rows).toHaveLength(0);
  });

  test('follow an object that is restored and deleted again while its activities are moved', async () => {
    for (const deleted of [true, false, true]) {
      await change(PHOTO, deleted);
      await feed.moveSome(2, 7);
      await publishLater();
      await expectExact();
    }
    expect(await isPending()).toBe(true);
    await refresh();
    await expectExact();
    await moveAll();
    await expectExact();
  });

  test('follow a comment and the photo it hangs on, deleted and restored in turns', async () => {
    const [first, second] = comments.filter(({ root }) => root === PHOTO) as [Comment, Comment];
    for (const [object, deleted] of [
      [first, true],
      [PHOTO, true],
      [second, true],
      [PHOTO, false],
      [second, false],
    ] as const) {
      await change(object, deleted);
      await feed.moveSome(1, 5);
      await expectExact();
    }
    await moveAll();
    await expectExact();
  });

  testContinuous('are the same from compressed chunks, and while an aggregate is rebuilt', async () => {
    await feed.compress(NOW - 2 * DAY);
    await change(PHOTO, true);
    await expectExact();
    await feed.moveSome(2, 5);
    await expectExact();
    const changed = AGGREGATES.map((aggregate) => ({
      ...aggregate,
      select: aggregate.select.replace('count(*)', 'max(time) AS last_time, count(*)'),
    }));
    await feed.refresh(feed.refresherOf(changed));
    await expectExact();
    await change(PHOTO, false);
    await expectExact();
    await moveAll();
    await expectExact();
    await feed.refresh();
    await expectExact();
  });
});

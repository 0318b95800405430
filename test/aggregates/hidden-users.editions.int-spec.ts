import { APPEARANCE, type EventTime, type ObjectRef, type UserId } from '@activity-feed/contracts';
import { type Effects, HIDINGS } from '../../services/feed/src/activity/effects';
import { kindsOfAggregates } from '../harness/feed-databases';
import { seededRandom } from '../world/random';
import { ActivityModel } from './activity-model';
import { expectEntriesAsModel, expectEqual, expectTrends, groupsOf, type Questions } from './expect-as-model';
import type { FeedUnderTest } from './feed-under-test';
import { ObjectStreams } from './object-streams';
import { useFeed } from './use-feed';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const NOW = Date.parse('2026-03-10T12:10:00Z');
const DAYS = 24;

const USERS = Array.from({ length: 8 }, (_, place) => (place + 1) as UserId);
const [READER, OTHER_READER] = USERS as [UserId, UserId];
/** Each object belongs to the user with its id. */
const OBJECTS: ObjectRef[] = USERS.slice(2).flatMap((id) => [
  { type: 'photo', id },
  { type: 'post', id },
]);

// A test database may be many times slower than a production one.
jest.setTimeout(240_000);

type Comment = ObjectRef & { root: ObjectRef; author: UserId };

describe.each(kindsOfAggregates())('reads of viewers from whom users are hidden, with $title', (kind) => {
  const { continuous, test, refresh, ...under } = useFeed(kind, NOW);
  let feed: FeedUnderTest;
  let model: ActivityModel;
  let streams: ObjectStreams;
  let comments: Comment[];
  let random = seededRandom(3);
  let microseconds = 0;

  beforeEach(async () => {
    feed = under.feed();
    if (!feed) return;
    [model, streams, comments, random] = [new ActivityModel(), new ObjectStreams(1 as UserId), [], seededRandom(5)];
    if (continuous) await feed.refresh();
    const pairs = [READER, OTHER_READER].flatMap((reader) =>
      USERS.filter((user) => user !== reader).map((user) => streams.follows(reader, user)),
    );
    await publish(pairs);
    const posts = OBJECTS.map((object) =>
      streams.does(object.id as UserId, 'post', object, at(DAYS * DAY), { targetId: null }),
    );
    await publish(posts);
    await publish(Array.from({ length: 400 }, () => happening()));
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
    const owner = object.id as UserId;
    const which = random.below(4);
    if (which === 0) {
      const comment: Comment = { type: 'comment', id: comments.length + 1, root: object, author: actor };
      comments.push(comment);
      return streams.does(actor, 'comment', object, time, { targetId: owner, commentId: comment.id });
    }
    if (which === 1 && comments.length > 0) {
      const { root, author, ...comment } = one(comments);
      const about = { rootType: root.type, rootId: root.id, rootOwnerId: root.id as UserId };
      return streams.does(actor, 'like', comment, time, { targetId: author, ...about });
    }
    return streams.does(actor, which === 2 ? 'share' : 'like', object, time, { targetId: owner });
  }

  async function publish(effects: Effects[]): Promise<void> {
    for (const event of effects) model.add(event);
    await feed.project(effects);
  }

  const hiding = () => (random.below(6) < 3 ? closing() : muting());

  function closing(): Effects {
    const reader = one([READER, OTHER_READER]);
    const other = one(USERS.filter((user) => user !== reader));
    const which = random.below(3);
    if (which === 0) return streams.turnsAccount(other, { private: random.below(3) > 0 });
    if (which === 1) return streams.turnsAccount(other, { suspended: random.below(2) > 0 });
    return streams.follows(reader, other, random.below(2) > 0);
  }

  function muting(): Effects {
    const reader = one([READER, OTHER_READER]);
    const other = one(USERS.filter((user) => user !== reader));
    const way = one(HIDINGS);
    const [user, target] = way === 'block' && random.below(2) ? [other, reader] : [reader, other];
    return streams.hides(user, target, way, random.below(3) > 0);
  }

  async function expectExact(): Promise<void> {
    const readers = [READER, OTHER_READER];
    const questions: Questions = { readers, objects: [], limit: 130, pages: 10, days: [1, 30] };
    await expectEntriesAsModel(feed, model, questions);
    for (const reader of readers) {
      const appearances = USERS.map((user) => model.hidings.appearanceOf(user, reader));
      expectEqual(await feed.visibility(reader, USERS), appearances);
      for (const feedKind of ['my', 'friends'] as const) {
        expectEqual(await groupsOf(feed, feedKind, reader, questions), model.groups(feedKind, reader));
        for (const days of questions.days) {
          const summary = await feed.summary(feedKind, reader, days);
          expectEqual(summary, model.summary(feedKind, reader, days, feed.time));
        }
      }
      for (const among of ['friends', 'all'] as const) await expectTrends(feed, model, reader, among);
    }
  }

  /** From the database alone, and from memory for the open day. */
  async function expectExactEverywhere(): Promise<void> {
    await expectExact();
    feed.useIndex(true);
    await expectExact();
    feed.useIndex(false);
  }

  test('have nothing from hidden users, for random blocks, mutes, private accounts and suspensions that come and go', async () => {
    for (let round = 0; round < 4; round++) {
      await publish(Array.from({ length: 4 }, () => hiding()));
      await expectExactEverywhere();
      await publish(Array.from({ length: 20 }, () => happening()));
      await expectExactEverywhere();
      if (round % 2) await refresh();
    }
  });

  test('have nothing from hidden users while no account is closed, and while groups are noted', async () => {
    for (let round = 0; round < 4; round++) {
      await publish(Array.from({ length: 3 }, () => muting()));
      await expectExactEverywhere();
      await publish(Array.from({ length: 20 }, () => happening()));
      await expectExactEverywhere();
      if (round % 2) await refresh();
    }
  });

  test('have nothing about private accounts that the reader does not follow, from closed days too', async () => {
    const before = model.groups('friends', READER);
    const [followed, other] = [3, 4] as UserId[] as [UserId, UserId];
    await publish([followed, other].map((user) => streams.turnsAccount(user, { private: true })));
    await publish([streams.follows(READER, other, false)]);
    await expectExactEverywhere();
    expect(model.hidings.appearanceOf(other, READER)).toBe(APPEARANCE.hidden + APPEARANCE.private);
    expect(model.groups('friends', READER).length).toBeLessThan(before.length);
    // These events are not in the database yet.
    const unwritten = [
      streams.turnsAccount(followed, { private: false }),
      streams.turnsAccount(5 as UserId, { private: true }),
    ];
    for (const event of unwritten) model.add(event);
    feed.receive(unwritten);
    feed.useIndex(true);
    await expectExact();
    feed.useIndex(false);
    await feed.projectUnseen(unwritten);
    await expectExactEverywhere();
    await publish([5, 4].map((user) => streams.turnsAccount(user as UserId, { private: false })));
    await publish([streams.follows(READER, other)]);
    await expectExactEverywhere();
    expect(model.groups('friends', READER)).toEqual(before);
  });

  test('have everything again once nobody is hidden any more', async () => {
    const all = HIDINGS.flatMap((way) => USERS.slice(1).map((user) => streams.hides(READER, user, way)));
    await publish(all);
    await expectExactEverywhere();
    expect(model.groups('friends', READER)).toEqual([]);
    await publish(HIDINGS.flatMap((way) => USERS.slice(1).map((user) => streams.hides(READER, user, way, false))));
    await expectExactEverywhere();
    expect(model.groups('friends', READER).length).toBeGreaterThan(100);
  });

  test('are the same after memory was loaded again, and after a stream of blocks was', async () => {
    await publish(Array.from({ length: 12 }, () => hiding()));
    await feed.restart();
    await expectExactEverywhere();
    const missed = [streams.hides(READER, 5 as UserId, 'block'), streams.hides(READER, 6 as UserId, 'mute')];
    for (const event of missed) model.add(event);
    await feed.projectUnseen(missed);
    await feed.restoreStream('social-graph-private', READER, missed.at(-1)?.version as number);
    await expectExactEverywhere();
    const closed = [
      streams.turnsAccount(7 as UserId, { private: true }),
      streams.turnsAccount(7 as UserId, { suspended: true }),
    ];
    for (const event of closed) model.add(event);
    await feed.projectUnseen(closed);
    await feed.restoreStream('social-graph', 7 as UserId, closed.at(-1)?.version as number);
    await expectExactEverywhere();
  });

  test('are right while activities of a deleted object are to be moved', async () => {
    await publish([streams.hides(READER, 4 as UserId, 'mute'), streams.hides(3 as UserId, READER, 'block')]);
    await publish([streams.turns({ type: 'photo', id: 5 }, true)]);
    await expectExact();
    await feed.moveSome(1, 5);
    await expectExact();
    await publish([streams.turns({ type: 'photo', id: 5 }, false)]);
    await expectExact();
  });
});

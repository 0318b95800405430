import type { EventTime, ObjectRef, UserId } from '@activity-feed/contracts';
import type { Effects } from '../../services/feed/src/activity/effects';
import { eventually } from '../harness/eventually';
import { kindsOfAggregates } from '../harness/feed-databases';
import type { FeedUnderTest } from './feed-under-test';
import { ObjectStreams } from './object-streams';
import { useFeed } from './use-feed';

const DAY = 86_400_000;
const NOW = Date.parse('2026-03-10T12:10:00Z');

const OWNER = 1 as UserId;
const IVAN = 7 as UserId;
const PHOTO: ObjectRef = { type: 'photo', id: 21 };
const OTHER: ObjectRef = { type: 'photo', id: 22 };
const COMMENT: ObjectRef = { type: 'comment', id: 9 };

// A test database may be many times slower than a production one.
jest.setTimeout(120_000);

const ago = (days: number, microseconds = 0) =>
  new Date(NOW - days * DAY)
    .toISOString()
    .replace('000Z', `${String(microseconds).padStart(6, '0')}+00:00`) as EventTime;

const LIKE = `
INSERT INTO activities (time, event_id, actor_id, verb, object_type, object_id)
VALUES ($1, gen_random_uuid(), 7, 'like', 'photo', $2)`;

const NOTES = `
INSERT INTO noted_groups (day, actor_id, verb, object_type)
SELECT date_trunc('day', $1::timestamptz, 'UTC'), 1000000 + number, 'like', 'photo' FROM generate_series(1, $2::int) AS number`;

describe.each(kindsOfAggregates())('activities about deleted objects, with $title', (kind) => {
  const { continuous, test, testWithSessions, refresh, moveAll, ...under } = useFeed(kind, NOW);
  let feed: FeedUnderTest;
  let streams: ObjectStreams;

  beforeEach(() => {
    feed = under.feed();
    streams = new ObjectStreams(OWNER);
  });

  const ids = async (table = 'activities') =>
    (await under.pool().query(`SELECT object_id::int AS id FROM ${table} ORDER BY time`)).rows.map(({ id }) => id);

  async function answers() {
    const { groups } = await feed.groups('my', IVAN, 50);
    const { totals } = await feed.summary('my', IVAN, 30);
    return {
      groups: groups.map(({ day, verb, count, object_ids }) => [day, verb, count, object_ids]),
      likes: totals.like,
      counts: await feed.engagements([PHOTO, OTHER]),
    };
  }

  test('leave all answers, and return when the object is restored, closed days at once', async () => {
    if (continuous) await feed.refresh();
    await feed.project([
      streams.does(OWNER, 'post', PHOTO, ago(6)),
      streams.does(IVAN, 'like', PHOTO, ago(5)),
      streams.does(IVAN, 'like', OTHER, ago(5, 1)),
      streams.does(IVAN, 'comment', PHOTO, ago(3), { commentId: COMMENT.id }),
      streams.does(IVAN, 'like', COMMENT, ago(2), { rootType: 'photo', rootId: PHOTO.id, rootOwnerId: OWNER }),
      streams.does(IVAN, 'share', PHOTO, ago(0)),
    ]);
    await refresh();
    const before = await answers();
    expect(before).toMatchObject({ likes: 3, counts: [{ likes: 1, shares: 1, comments: 1 }, { likes: 1 }] });

    await feed.project([streams.turns(PHOTO, true)]);
    await moveAll();
    const left = {
      groups: [['2026-03-05', 'like', 1, [OTHER.id]]],
      likes: 1,
      counts: [
        { likes: 0, shares: 0, comments: 0 },
        { likes: 1, shares: 0, comments: 0 },
      ],
    };
    expect(await answers()).toEqual(left);
    await refresh();
    expect(await answers()).toEqual(left);

    await feed.project([streams.turns(PHOTO, false)]);
    await moveAll();
    expect(await answers()).toEqual(before);
    await refresh();
    expect(await answers()).toEqual(before);
    expect(await ids('hidden_activities')).toEqual([]);
  });

  test('are hidden if they arrive after the deletion, and an older state does not overrule a newer one', async () => {
    const [deleted, restored, deletedAgain] = [true, false, true].map((state) => streams.turns(PHOTO, state));
    await feed.project([deleted, restored, deletedAgain] as Effects[]);
    await feed.project([streams.does(IVAN, 'like', PHOTO, ago(0)), streams.does(IVAN, 'like', OTHER, ago(0, 1))]);
    expect(await ids()).toEqual([OTHER.id]);
    expect(await ids('hidden_activities')).toEqual([PHOTO.id]);
    await feed.project([restored] as Effects[]);
    await moveAll();
    expect(await ids()).toEqual([OTHER.id]);
  });

  testWithSessions('are hidden if their transaction began before the deletion', async () => {
    // The projector of another partition, whose statements may not have seen the deletion.
    const other = await under.pool().connect();
    try {
      await other.query("BEGIN; INSERT INTO projection_offsets VALUES ('activity.events.v1', 5, 0)");
      await feed.project([streams.turns(PHOTO, true)]);
      expect(await feed.move()).toBe(false);
      await other.query(LIKE, [ago(1), PHOTO.id]);
      expect(await feed.move()).toBe(false);
      await other.query('COMMIT');
    } finally {
      other.release();
    }
    expect(await ids()).toEqual([PHOTO.id]);
    // Not at once if other tests have open transactions on the server.
    await eventually('it is moved', () => feed.move());
    expect(await ids()).toEqual([]);
  });

  test('stay undone when the object is restored', async () => {
    await feed.project([streams.does(IVAN, 'like', PHOTO, ago(2)), streams.does(OWNER, 'like', PHOTO, ago(1))]);
    await feed.project([streams.turns(PHOTO, true)]);
    await moveAll();
    expect(await ids('hidden_activities')).toEqual([PHOTO.id, PHOTO.id]);
    await feed.project([streams.unlikes(IVAN, PHOTO, ago(2))]);
    await feed.project([streams.turns(PHOTO, false)]);
    await moveAll();
    const { rows } = await under.pool().query('SELECT actor_id FROM activities');
    expect(rows).toEqual([{ actor_id: OWNER }]);
  });

  test('stay hidden while another object that they hang on is deleted', async () => {
    await feed.project([
      streams.does(IVAN, 'comment', PHOTO, ago(3), { commentId: COMMENT.id }),
      streams.does(IVAN, 'like', COMMENT, ago(2), { rootType: 'photo', rootId: PHOTO.id, rootOwnerId: OWNER }),
      streams.turns(COMMENT, true),
      streams.turns(PHOTO, true),
    ]);
    await moveAll();
    await feed.project([streams.turns(COMMENT, false)]);
    await moveAll();
    expect(await ids()).toEqual([]);
    await feed.project([streams.turns(PHOTO, false)]);
    await moveAll();
    expect(await ids()).toEqual([PHOTO.id, COMMENT.id]);
  });

  test('wait for their move while there are too many notes, and reads do not', async () => {
    await feed.project([streams.does(IVAN, 'like', PHOTO, ago(5)), streams.does(IVAN, 'like', OTHER, ago(5, 1))]);
    await refresh();
    await under.pool().query(NOTES, [ago(8), 45_000]);
    await feed.project([streams.turns(PHOTO, true)]);
    expect(await feed.move()).toBe(false);
    expect(await ids()).toEqual([PHOTO.id, OTHER.id]);
    const left = [['2026-03-05', 'like', 1, [OTHER.id]]];
    expect(await answers()).toMatchObject({ groups: left, likes: 1 });
    await under.pool().query('DELETE FROM noted_groups');
    await moveAll();
    expect(await ids()).toEqual([OTHER.id]);
    expect(await answers()).toMatchObject({ groups: left, likes: 1 });
  });

  test('do not return where the retention has dropped activities, and count for nothing until then', async () => {
    await feed.project([
      streams.does(IVAN, 'like', PHOTO, ago(6)),
      streams.does(IVAN, 'like', OTHER, ago(6, 1)),
      streams.does(IVAN, 'share', PHOTO, ago(1)),
    ]);
    await refresh();
    await feed.project([streams.turns(OTHER, true)]);
    await moveAll();
    await refresh();
    await feed.retain(3 * DAY);
    expect(await ids('hidden_activities')).toEqual([]);
    const trends = () => feed.trending({ reader: IVAN, window: '7d', among: 'all', type: undefined, limit: 20 });
    await feed.project([streams.turns(PHOTO, true)]);
    for (const move of [async () => undefined, moveAll, refresh]) {
      await move();
      expect(await feed.engagement(PHOTO)).toEqual({ likes: 0, shares: 0, comments: 0 });
      expect(await trends()).toEqual([]);
    }
    await feed.project([streams.turns(PHOTO, false), streams.turns(OTHER, false)]);
    await moveAll();
    const likes = continuous ? 1 : 0;
    expect(await feed.engagements([PHOTO, OTHER])).toEqual([
      { likes, shares: 1, comments: 0 },
      { likes: 0, shares: 0, comments: 0 },
    ]);
    expect(await trends()).toMatchObject([{ object_id: PHOTO.id, likes, shares: 1 }]);
  });

  test('are moved in several batches, from compressed chunks too', async () => {
    const fans = Array.from({ length: 2_500 }, (_, place) => (100 + place) as UserId);
    await feed.project(fans.map((fan, place) => streams.does(fan, 'like', PHOTO, ago(20 + (place % 2), place))));
    if (continuous) {
      await refresh();
      await feed.compress(NOW - 10 * DAY);
    }
    await feed.project([streams.turns(PHOTO, true)]);
    await moveAll();
    expect(await ids()).toEqual([]);
    expect(await ids('hidden_activities')).toHaveLength(2_500);
    await refresh();
    expect((await answers()).counts[0]).toEqual({ likes: 0, shares: 0, comments: 0 });
    await feed.project([streams.turns(PHOTO, false)]);
    await moveAll();
    await refresh();
    expect((await answers()).counts[0]).toEqual({ likes: 2_500, shares: 0, comments: 0 });
  });
});

import type { EventTime, ObjectRef, UserId } from '@activity-feed/contracts';
import { AGGREGATES } from '../../services/feed/src/aggregates/aggregate';
import { kindsOfAggregates } from '../harness/feed-databases';
import type { FeedUnderTest } from './feed-under-test';
import { ObjectStreams } from './object-streams';
import { useFeed } from './use-feed';

const DAY = 86_400_000;
const NOW = Date.parse('2026-03-10T12:10:00Z');

const OWNER = 1 as UserId;
const IVAN = 7 as UserId;
const PHOTO: ObjectRef = { type: 'photo', id: 21 };
const LATE: ObjectRef = { type: 'photo', id: 23 };
const OTHER: ObjectRef = { type: 'photo', id: 22 };

// A test database may be many times slower than a production one.
jest.setTimeout(120_000);

const ago = (days: number, microseconds = 0) =>
  new Date(NOW - days * DAY)
    .toISOString()
    .replace('000Z', `${String(microseconds).padStart(6, '0')}+00:00`) as EventTime;

describe.each(kindsOfAggregates())('activities that are taken back, with $title', (kind) => {
  const { continuous, test, testContinuous, refresh, ...under } = useFeed(kind, NOW);
  let feed: FeedUnderTest;
  let streams: ObjectStreams;

  beforeEach(() => {
    feed = under.feed();
    streams = new ObjectStreams(OWNER);
  });

  const rows = async () =>
    (await under.pool().query('SELECT verb, object_id::int AS id FROM activities ORDER BY time')).rows;

  /** What every read says of ivan's likes and shares, by day, and of the photo's. */
  async function answers() {
    const { entries } = await feed.page('my', IVAN, 50);
    const { groups } = await feed.groups('my', IVAN, 50);
    const { totals } = await feed.summary('my', IVAN, 30);
    const trending = await feed.trending({ reader: IVAN, window: '7d', among: 'all', type: undefined, limit: 20 });
    return {
      entries: entries.length,
      groups: groups.map(({ day, verb, count, object_ids }) => [day, verb, count, object_ids]),
      totals: [totals.like, totals.share],
      counts: await feed.engagement(PHOTO),
      trending: trending.map(({ object_id, likes, shares }) => [object_id, likes, shares]),
    };
  }

  test('keep a like that follows an unlike, in one batch or in several', async () => {
    const like = (second: number) => ago(0, second);
    const events = [
      streams.does(IVAN, 'like', PHOTO, like(1)),
      streams.undoes(IVAN, 'like', PHOTO, like(1)),
      streams.does(IVAN, 'like', PHOTO, like(2)),
      streams.undoes(IVAN, 'like', PHOTO, like(2)),
      streams.does(IVAN, 'like', PHOTO, like(3)),
    ];
    await feed.project(events);
    expect(await rows()).toEqual([{ verb: 'like', id: PHOTO.id }]);
    await feed.empty();
    for (const event of events) await feed.project([event]);
    expect(await rows()).toEqual([{ verb: 'like', id: PHOTO.id }]);
    for (const event of events.toReversed()) await feed.project([event]);
    expect(await rows()).toEqual([{ verb: 'like', id: PHOTO.id }]);
    const { rows: kept } = await under.pool().query('SELECT time FROM activities');
    expect(kept).toEqual([{ time: new Date(like(3)) }]);
  });

  test('are all shares of the object in the range, and no others', async () => {
    const shares = [20, 12, 12 - 1 / 24, 3, 1, 0];
    await feed.project([
      ...shares.map((days) => streams.does(IVAN, 'share', PHOTO, ago(days))),
      streams.does(IVAN, 'like', PHOTO, ago(12, 1)),
      streams.does(IVAN, 'share', OTHER, ago(12, 2)),
      streams.does(IVAN, 'share', { type: 'post', id: PHOTO.id }, ago(12, 3)),
    ]);
    await feed.project([
      streams.undoes(IVAN, 'share', PHOTO, ago(20), ago(1)),
      streams.does(IVAN, 'share', PHOTO, ago(0, 1)),
    ]);
    const ids = (await rows()).map(({ verb, id }) => [verb, id]);
    expect(ids).toEqual([
      ['like', PHOTO.id],
      ['share', OTHER.id],
      ['share', PHOTO.id],
      ['share', PHOTO.id],
      ['share', PHOTO.id],
    ]);
  });

  test('leave all answers about closed days at once, and stay away after the refresh', async () => {
    await feed.project([
      streams.does(IVAN, 'like', PHOTO, ago(5)),
      streams.does(IVAN, 'like', OTHER, ago(5, 1)),
      streams.does(IVAN, 'like', PHOTO, ago(3)),
      streams.does(IVAN, 'share', PHOTO, ago(2)),
      streams.does(IVAN, 'share', PHOTO, ago(1)),
    ]);
    await refresh();
    expect((await answers()).counts).toEqual({ likes: 2, shares: 2, comments: 0 });
    expect(await feed.notes()).toBe(0);

    await feed.project([
      streams.undoes(IVAN, 'like', PHOTO, ago(5)),
      streams.undoes(IVAN, 'like', PHOTO, ago(3)),
      streams.undoes(IVAN, 'share', PHOTO, ago(2), ago(1)),
    ]);
    const left = {
      entries: 1,
      groups: [['2026-03-05', 'like', 1, [OTHER.id]]],
      totals: [1, 0],
      counts: { likes: 0, shares: 0, comments: 0 },
      trending: [[OTHER.id, 1, 0]],
    };
    expect(await feed.notes()).toBe(8);
    expect(await answers()).toEqual(left);
    await refresh();
    expect(await feed.notes()).toBe(0);
    expect(await answers()).toEqual(left);
  });

  testContinuous('correct what aggregates keep of dropped activities, also in a new definition', async () => {
    const likes = [
      streams.does(IVAN, 'like', PHOTO, ago(6)),
      streams.does(IVAN, 'like', PHOTO, ago(5)),
      streams.does(IVAN, 'like', OTHER, ago(5, 1)),
      streams.does(IVAN, 'share', PHOTO, ago(4.5)),
      streams.does(IVAN, 'share', PHOTO, ago(4)),
      streams.does(IVAN, 'like', PHOTO, ago(1)),
    ];
    await feed.project(likes);
    await refresh();
    await feed.retain(3 * DAY);
    expect(await rows()).toHaveLength(1);
    // Arrives when its day has been dropped: no aggregate counts it.
    await feed.project([streams.does(IVAN, 'like', LATE, ago(5, 2))]);
    await refresh();
    const { groups } = await answers();
    expect(groups).toHaveLength(4);

    await feed.project([
      streams.undoes(IVAN, 'like', PHOTO, ago(5)),
      streams.undoes(IVAN, 'like', LATE, ago(5, 2)),
      streams.undoes(IVAN, 'share', PHOTO, ago(4.5), ago(4)),
    ]);
    const left = {
      entries: 1,
      groups: [
        ['2026-03-09', 'like', 1, [PHOTO.id]],
        ['2026-03-05', 'like', 1, [OTHER.id]],
        ['2026-03-04', 'like', 1, [PHOTO.id]],
      ],
      totals: [3, 0],
      counts: { likes: 2, shares: 0, comments: 0 },
      trending: [
        [PHOTO.id, 2, 0],
        [OTHER.id, 1, 0],
      ],
    };
    expect(await answers()).toEqual(left);
    await refresh();
    expect(await answers()).toEqual(left);
    expect(await feed.engagements([OTHER, PHOTO])).toEqual([
      { likes: 1, shares: 0, comments: 0 },
      { likes: 2, shares: 0, comments: 0 },
    ]);
    const changed = AGGREGATES.map((aggregate) => ({
      ...aggregate,
      select: aggregate.select.replace('count(*)', 'max(time) AS last_time, count(*)'),
    }));
    await feed.refresh(feed.refresherOf(changed));
    expect(await answers()).toEqual(left);
    await feed.refresh();
  });

  test('leave stored lists of trends, and correct new ones', async () => {
    await feed.project([streams.does(IVAN, 'like', PHOTO, ago(5)), streams.does(IVAN, 'like', OTHER, ago(5, 1))]);
    await refresh();
    if (continuous) await feed.retain(3 * DAY);
    feed.useIndex(true);
    await feed.restart();
    const trends = () => feed.trending({ reader: IVAN, window: '7d', among: 'all', type: undefined, limit: 20 });
    expect(await trends()).toHaveLength(2);
    await feed.project([streams.undoes(IVAN, 'like', PHOTO, ago(5))]);
    expect(await trends()).toMatchObject([{ object_id: OTHER.id }]);
    await refresh();
    expect(await feed.notes()).toBe(0);
    expect(await trends()).toMatchObject([{ object_id: OTHER.id }]);
    feed.useIndex(false);
  });

  testContinuous('are deleted from compressed chunks, however many', async () => {
    const likes = Array.from({ length: 1_500 }, (_, place) => ago(20 + (place % 3), place));
    await feed.project(likes.map((time, place) => streams.does(IVAN, 'like', { type: 'photo', id: place }, time)));
    await refresh();
    await feed.compress(NOW - 10 * DAY);
    await under.pool().query('SET timescaledb.max_tuples_decompressed_per_dml_transaction = 100');
    await feed.project(
      likes.slice(3).map((time, place) => streams.undoes(IVAN, 'like', { type: 'photo', id: place + 3 }, time)),
    );
    const left = [
      ['2026-02-18', 'like', 1, [0]],
      ['2026-02-17', 'like', 1, [1]],
      ['2026-02-16', 'like', 1, [2]],
    ];
    expect((await answers()).groups).toEqual(left);
    await refresh();
    expect(await answers()).toMatchObject({ entries: 3, groups: left, totals: [3, 0] });
  });
});

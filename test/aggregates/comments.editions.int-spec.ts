import type { EventId, EventTime, ObjectRef, StoredEvent, User, UserId } from '@activity-feed/contracts';
import { type Effects, effectsOf } from '../../services/feed/src/activity/effects';
import { AGGREGATES } from '../../services/feed/src/aggregates/aggregate';
import { IS_ENGAGEMENT } from '../../services/feed/src/aggregates/engagement-sql';
import { prepareViews } from '../../services/feed/src/aggregates/prepare-views';
import { restoreStream } from '../../services/feed/src/load-index/restore-stream';
import { TimelineIndex } from '../../services/feed/src/timeline-index/timeline-index';
import { kindsOfAggregates } from '../harness/feed-databases';
import { silent, type TestDatabase } from '../harness/test-database';
import { FeedUnderTest } from './feed-under-test';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOW = Date.parse('2026-03-10T12:30:00Z');
const NICO: User = { id: 2 as UserId, name: 'nico' };
const EMIL: User = { id: 3 as UserId, name: 'emil' };
const PHOTO: ObjectRef = { type: 'photo', id: 21 };
/** Beyond 32 bits. */
const COMMENT: ObjectRef = { type: 'comment', id: 5_000_000_009 };

/** In the previous version, comments do not count for objects. */
const PREVIOUS = AGGREGATES.map((aggregate) => ({
  ...aggregate,
  select: aggregate.select.replace(IS_ENGAGEMENT, "verb IN ('like', 'share')"),
}));

jest.setTimeout(180_000);

/** Effects of nico's events in the order of `versions`. */
const versions = { count: 0 };
function event(type: StoredEvent['type'], time: number, data: object): Effects {
  const version = ++versions.count;
  return effectsOf({
    id: `01968a1e-7c00-7000-8000-${String(version).padStart(12, '0')}` as EventId,
    type,
    stream: NICO.id,
    version,
    time: new Date(time).toISOString().replace('Z', '000+00:00') as EventTime,
    data: { actor: NICO, ...data },
  } as StoredEvent);
}
const comment = (time: number, { type, id }: ObjectRef) =>
  event('activity.comment-posted.v1', time, {
    object: { type, id, content: 'Where is that?' },
    ...{ root: PHOTO, target: EMIL, thread: null, reply_to: null },
  });
const like = (time: number, object: ObjectRef) =>
  event('activity.object-liked.v1', time, {
    object,
    target: object.type === 'comment' ? NICO : EMIL,
    ...(object.type === 'comment' && { root: PHOTO, root_owner: EMIL }),
  });

const entry = { actor_name: 'nico', verb: 'comment', object_id: PHOTO.id, object_type: 'photo' };

describe.each(kindsOfAggregates())('comments in the feed, with $title', ({ kind, open }) => {
  const continuous = kind === 'continuous';
  const test = open ? it : it.skip;
  let database: TestDatabase;
  let feed: FeedUnderTest;

  beforeAll(async () => {
    if (!open) return;
    versions.count = 0;
    database = await open();
    // The feed is updated from the previous version, which has filled its aggregates.
    await prepareViews(database.url, silent, PREVIOUS);
    feed = await FeedUnderTest.open(database, continuous, NOW);
    await feed.project([like(NOW - 3 * DAY, PHOTO)]);
    await feed.refresh(continuous ? feed.refresherOf(PREVIOUS) : undefined);
    await prepareViews(database.url, silent);
    await feed.project([
      comment(NOW - HOUR / 2, COMMENT),
      like(NOW - HOUR / 3, COMMENT),
      comment(NOW - HOUR / 4, { type: 'comment', id: 10 }),
    ]);
  });
  afterAll(async () => {
    await feed?.close();
    await database?.drop();
  });

  /** Checks answers from the index after applying events, from a reloaded index, and from the database alone. */
  async function everywhere(expectation: () => Promise<void>): Promise<void> {
    await expectation();
    await feed.restart();
    await expectation();
    feed.useIndex(false);
    await expectation();
    feed.useIndex(true);
  }

  async function expectCounts(): Promise<void> {
    expect(await feed.engagement(PHOTO)).toEqual({ likes: 1, shares: 0, comments: 2 });
    expect(await feed.engagement(COMMENT)).toEqual({ likes: 1, shares: 0, comments: 0 });
    const trends = { reader: EMIL.id, window: '7d', among: 'all', limit: 10 } as const;
    const photo = { object_type: 'photo', object_id: PHOTO.id, owner_name: 'emil', likes: 1, shares: 0, comments: 2 };
    for (const query of [trends, { ...trends, type: 'photo' } as const]) {
      expect(await feed.trending(query)).toEqual([{ ...photo, score: expect.any(Number) }]);
    }
    expect(await feed.trending({ ...trends, type: 'comment' })).toMatchObject([
      { object_type: 'comment', object_id: COMMENT.id, owner_name: 'nico', likes: 1 },
    ]);
  }

  test('count before the aggregates of the previous version are replaced', expectCounts);

  test('count as soon as they are replaced, and when their hours are closed', async () => {
    await feed.refresh();
    await everywhere(expectCounts);
    feed.time = NOW + 4 * HOUR;
    await feed.refresh();
    await everywhere(expectCounts);
    feed.time = NOW;
  });

  test('count 2 points in trends', async () => {
    const trending = { reader: EMIL.id, window: '1h', among: 'all', limit: 10 } as const;
    feed.useIndex(false);
    expect(await feed.trending(trending)).toMatchObject([{ comments: 2, score: 4 }]);
    feed.useIndex(true);
  });

  test('have their id on a page, beside the object that they comment on, and likes of them do not', () =>
    everywhere(async () => {
      const { entries } = await feed.page('my', NICO.id, 10);
      // With the order of the fields.
      expect(JSON.stringify(entries.map(({ time: _, ...rest }) => rest))).toBe(
        JSON.stringify([
          { ...entry, comment_id: 10, target_name: 'emil' },
          { ...entry, verb: 'like', object_id: COMMENT.id, object_type: 'comment', target_name: 'nico' },
          { ...entry, comment_id: COMMENT.id, target_name: 'emil' },
          { ...entry, verb: 'like', target_name: 'emil' },
        ]),
      );
    }));

  test('are grouped by the objects that they comment on, and summed', () =>
    everywhere(async () => {
      const { groups } = await feed.groups('my', NICO.id, 10);
      expect(groups).toMatchObject([
        { verb: 'like', object_type: 'comment', count: 1, object_ids: [COMMENT.id] },
        { verb: 'comment', object_type: 'photo', count: 2, object_ids: [PHOTO.id, PHOTO.id] },
        { verb: 'like', object_type: 'photo', count: 1 },
      ]);
      expect((await feed.summary('my', NICO.id, 1)).totals).toMatchObject({ comment: 2, like: 1 });
    }));

  test('keep their id when their stream is restored after a gap', async () => {
    const index = new TimelineIndex({ budget: 1_000, followeeBudget: 1_000 });
    const broken = { source: 'activity', stream: NICO.id, version: 4 } as const;
    await restoreStream(database.pool, index, broken, silent, () => false);
    const { rows } = index.find(Uint32Array.of(index.users.number(NICO.id)), 10);
    const ids = Array.from(rows, (row) => index.rows.commentIdOf(row));
    expect(ids).toEqual([10, undefined, COMMENT.id, undefined]);
  });
});

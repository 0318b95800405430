import {
  decodeEvent,
  definitionOfVerb,
  encodeEvent,
  goldenMessages,
  type ObjectRef,
  type StoredEvent,
  type UserId,
  type Verb,
} from '@activity-feed/contracts';
import { effectsOf } from '../../services/feed/src/activity/effects';
import { communityUrl, createCommunityDatabase, createFeedDatabase, NEEDS_COMMUNITY } from '../harness/feed-databases';
import type { TestDatabase } from '../harness/test-database';
import { FeedUnderTest } from './feed-under-test';

// An invented verb and object type: each needs one entry in a table, and the verb also needs the schema of its event.
jest.mock('../../libs/contracts/src/kinds/object-type-table', () => {
  const { OBJECT_TYPE } = jest.requireActual('../../libs/contracts/src/kinds/object-type-table');
  return { OBJECT_TYPE: { ...OBJECT_TYPE, song: { code: 7 } } };
});
jest.mock('../../libs/contracts/src/events/activity-events', () => {
  const { activityEvents } = jest.requireActual('../../libs/contracts/src/events/activity-events');
  const applauded = activityEvents['activity.object-liked.v1'];
  return { activityEvents: { ...activityEvents, 'activity.object-applauded.v1': applauded } };
});
jest.mock('../../libs/contracts/src/kinds/verb-table', () => {
  const { VERB } = jest.requireActual('../../libs/contracts/src/kinds/verb-table');
  const applaud = {
    code: 31,
    event: 'activity.object-applauded.v1',
    objectTypes: ['song'],
    hasTarget: true,
    engagement: { count: 'applauses', points: 5 },
  };
  return { VERB: { ...VERB, applaud } };
});

const APPLAUD = 'applaud' as Verb;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOW = Date.parse('2026-03-10T12:30:00Z');
const SONG = { type: 'song', id: 5 } as unknown as ObjectRef;
const NICO = { id: 2, name: 'nico' };
const EMIL = { id: 3, name: 'emil' };

// A verb that counts for its object needs a column in the stored trending lists.
const MIGRATION = 'ALTER TABLE trending_objects ADD COLUMN applauses bigint NOT NULL DEFAULT 0';

jest.setTimeout(180_000);

const community = communityUrl();
const editions = [
  { title: 'views', continuous: false, open: createFeedDatabase },
  {
    title: community ? 'continuous aggregates' : `continuous aggregates ${NEEDS_COMMUNITY}`,
    continuous: true,
    open: community ? () => createCommunityDatabase(community) : undefined,
  },
];

/** A decoded Kafka message: the golden example of a like with another type, object and time. */
function applause(version: number, time: number): StoredEvent {
  const liked = goldenMessages.find(({ headers }) => headers.ce_type === 'activity.object-liked.v1');
  const message = {
    ...liked?.headers,
    ce_type: definitionOfVerb(APPLAUD).event,
    ce_id: `01968a1e-7c00-7000-8000-${String(version).padStart(12, '0')}`,
    ce_subject: String(NICO.id),
    ce_time: new Date(time).toISOString().replace('Z', '000+00:00'),
    ce_streamversion: String(version),
  };
  const decoded = decodeEvent(message, JSON.stringify({ actor: NICO, object: SONG, target: EMIL }));
  if (decoded.kind !== 'event') throw new Error(`the message was decoded to ${JSON.stringify(decoded)}`);
  return decoded.event;
}

describe.each(editions)('activities of a new verb and type, with $title', ({ continuous, open }) => {
  const test = open ? it : it.skip;
  const events = [applause(1, NOW - 3 * DAY), applause(2, NOW - 2 * DAY - 5 * HOUR), applause(3, NOW - HOUR / 4)];
  let database: TestDatabase;
  let feed: FeedUnderTest;

  beforeAll(async () => {
    if (!open) return;
    database = await open();
    await database.pool.query(MIGRATION);
    feed = await FeedUnderTest.open(database, continuous, NOW);
    await feed.project(events.map(effectsOf));
    await feed.refresh();
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

  test('are encoded and decoded', () => {
    const [event] = events as [StoredEvent];
    expect(encodeEvent(event).headers).toMatchObject({ ce_type: 'activity.object-applauded.v1', ce_subject: '2' });
  });

  test('are listed on a page', () =>
    everywhere(async () => {
      const { entries, next } = await feed.page('my', NICO.id as UserId, 2);
      expect(entries.map(({ time: _, ...entry }) => entry)).toEqual(
        Array(2).fill({
          actor_name: 'nico',
          verb: 'applaud',
          object_id: 5,
          object_type: 'song',
          target_name: 'emil',
        }),
      );
      expect((await feed.page('my', NICO.id as UserId, 2, next)).entries).toHaveLength(1);
    }));

  test('are grouped, with a cursor after each group', () =>
    everywhere(async () => {
      const first = await feed.groups('my', NICO.id as UserId, 1);
      expect(first.groups).toMatchObject([{ verb: 'applaud', object_type: 'song', count: 1, object_ids: [5] }]);
      const second = await feed.groups('my', NICO.id as UserId, 2, first.next);
      expect(second.groups.map(({ day }) => day)).toEqual(['2026-03-08', '2026-03-07']);
    }));

  test('are summed by day', () =>
    everywhere(async () => {
      const { totals, days } = await feed.summary('my', NICO.id as UserId, 7);
      expect(totals).toEqual({ post: 0, like: 0, share: 0, follow: 0, unfollow: 0, comment: 0, applaud: 3 });
      expect(days.map((day) => day[APPLAUD])).toEqual([1, 0, 1, 1, 0, 0, 0]);
    }));

  test('count for their object, and by their points for trends', () =>
    everywhere(async () => {
      expect(await feed.engagement(SONG)).toEqual({ likes: 0, shares: 0, comments: 0, applauses: 3 });
      const query = { reader: EMIL.id as UserId, window: '24h', among: 'all', limit: 10 } as const;
      const song = { object_type: 'song', object_id: 5, owner_name: 'emil', likes: 0, shares: 0, comments: 0 };
      // It is half past the hour; scores count as of the hour after the last closed one.
      expect(await feed.trending(query)).toEqual([{ ...song, applauses: 1, score: expect.any(Number) }]);
      const [{ score } = { score: 0 }] = await feed.trending(query);
      expect([5, 5 * 0.5 ** (1 / 6), 5 * 0.5 ** (4 / 6)].map((points) => Math.round(points * 1e6) / 1e6)).toContain(
        score,
      );
      const week = await feed.trending({ ...query, window: '7d', type: SONG.type });
      expect(week).toMatchObject([{ ...song, applauses: 3 }]);
      expect(await feed.trending({ ...query, type: 'photo' })).toEqual([]);
    }));

  test('are restored with their stream after a gap', async () => {
    await feed.restoreStream('activity', NICO.id as UserId, 3);
    expect((await feed.page('my', NICO.id as UserId, 10)).entries).toHaveLength(3);
  });
});

import type { EventId, EventTime, ObjectRef, UserId, Verb } from '@activity-feed/contracts';
import type { Activity } from '../../services/feed/src/activity/activity';
import type { Effects } from '../../services/feed/src/activity/effects';
import { AGGREGATES } from '../../services/feed/src/aggregates/aggregate';
import { IS_ENGAGEMENT } from '../../services/feed/src/aggregates/engagement-sql';
import { prepareViews } from '../../services/feed/src/aggregates/prepare-views';
import { communityUrl, createCommunityDatabase, createFeedDatabase, NEEDS_COMMUNITY } from '../harness/feed-databases';
import { silent, type TestDatabase } from '../harness/test-database';
import { FeedUnderTest } from './feed-under-test';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOW = Date.parse('2026-03-10T12:30:00Z');
const NICO = { id: 2 as UserId, name: 'nico' };
const EMIL = { id: 3 as UserId, name: 'emil' };
const PHOTO: ObjectRef = { type: 'photo', id: 21 };

/** In a later version, likes, shares and an invented verb count for objects. */
const LATER = AGGREGATES.map((aggregate) => ({
  ...aggregate,
  select: aggregate.select.replace(IS_ENGAGEMENT, "verb IN ('like', 'share', 'applaud')"),
}));
const KNOWN = [
  ['like', 'photo', PHOTO.id],
  ['share', 'photo', PHOTO.id],
  ['post', 'post', 7],
  ['follow', null, null],
] as const;
const UNKNOWN = [
  {
    what: 'verbs',
    kinds: [
      ['applaud', 'photo', PHOTO.id],
      ['applaud', 'song', 5],
      ['sleep', null, null],
    ],
    isOmitted: () => false,
  },
  // They count by their verb where object types do not matter.
  { what: 'object types', kinds: [['like', 'song', 5]], isOmitted: (read: string) => /^(summary|stats)$/.test(read) },
] as const;
const TIMES = [NOW - 3 * DAY, NOW - 30 * HOUR, NOW - 2 * HOUR, NOW - HOUR / 4];

jest.setTimeout(180_000);

const community = communityUrl();
const editions = [
  { title: 'views', continuous: false, open: createFeedDatabase },
  {
    title: community ? 'continuous aggregates' : `continuous aggregates ${NEEDS_COMMUNITY}`,
    continuous: true,
    open: community ? () => createCommunityDatabase(community) : undefined,
  },
].flatMap((edition) => UNKNOWN.map((unknown) => ({ ...edition, ...unknown })));

type Kind = readonly [verb: string, objectType: string | null, objectId: number | null];

/** At each time one activity of each kind, one second apart; `offset` in milliseconds. */
const activitiesOf = (kinds: readonly Kind[], offset: number): Activity[] =>
  TIMES.flatMap((time, day) =>
    kinds.map(([verb, objectType, objectId], place) => ({
      time: new Date(time + place * 1_000 + offset).toISOString().replace('Z', '000+00:00') as EventTime,
      eventId: `01968a1e-7c00-7000-8000-${String(offset * 1_000 + day * 10 + place).padStart(12, '0')}` as EventId,
      actorId: NICO.id,
      verb: verb as Verb,
      objectType: objectType as Activity['objectType'],
      objectId,
      targetId: EMIL.id,
    })),
  );

const known = activitiesOf(KNOWN, 0).map(
  (activity, index): Effects => ({
    source: 'activity',
    stream: NICO.id,
    version: index + 1,
    users: [NICO, EMIL],
    activity,
  }),
);

const INSERT = `
INSERT INTO activities (time, event_id, actor_id, verb, object_type, object_id, target_id)
SELECT * FROM json_to_recordset($1) AS activity(
  time timestamptz, "eventId" uuid, "actorId" int, verb text, "objectType" text, "objectId" bigint, "targetId" int)`;
/** As if each listed object were of another type. */
const LIST = `
INSERT INTO trending_objects (window_name, hour, object_type, rank, object_id, owner_id, likes, shares, score)
SELECT window_name, hour, 'song', rank, object_id, owner_id, likes, shares, score FROM trending_objects`;

describe.each(editions)(
  'activities of $what of a later version, with $title',
  ({ continuous, open, kinds, isOmitted }) => {
    const test = open ? it : it.skip;
    let database: TestDatabase;
    let feed: FeedUnderTest;
    let expected: object;

    beforeAll(async () => {
      if (!open) return;
      database = await open();
      await prepareViews(database.url, silent, LATER);
      feed = await FeedUnderTest.open(database, continuous, NOW);
      await feed.project(known);
      expected = await answers();
      await database.pool.query(INSERT, [JSON.stringify(activitiesOf(kinds, 500))]);
    });
    afterAll(async () => {
      await feed?.close();
      await database?.drop();
    });

    async function answers(): Promise<object> {
      const reader = NICO.id;
      const entries = await every(async (cursor) => {
        const page = await feed.page('my', reader, 1, cursor);
        return { items: page.entries, next: page.next };
      });
      const groups = await every(async (cursor) => {
        const page = await feed.groups('my', reader, 1, cursor);
        return { items: page.groups, next: page.next };
      });
      const trends = { reader, among: 'all', limit: 10 } as const;
      const all = {
        entries,
        groups,
        summary: await feed.summary('my', reader, 7),
        photo: await feed.engagement(PHOTO),
        trending: await feed.trending({ ...trends, window: '7d' }),
        photos: await feed.trending({ ...trends, window: '7d', type: 'photo' }),
        stats: await feed.stats(168),
      };
      return Object.fromEntries(Object.entries(all).filter(([read]) => !isOmitted(read)));
    }

    /** From the index, from a reloaded index, and from the database alone. */
    async function expectSame(): Promise<void> {
      expect(await answers()).toEqual(expected);
      await feed.restart();
      expect(await answers()).toEqual(expected);
      feed.useIndex(false);
      expect(await answers()).toMatchObject(withoutScores(expected));
      feed.useIndex(true);
    }

    test('are in no answer', async () => {
      expect(expected).toMatchObject({
        entries: { length: 16 },
        groups: { length: 12 },
        photo: { likes: 4, shares: 4 },
      });
      await expectSame();
    });

    test('are in no answer after a later version has aggregated and listed them', async () => {
      await feed.refresh(continuous ? feed.refresherOf(LATER) : undefined);
      await database.pool.query(LIST);
      await expectSame();
    });

    test('are left out of a stream that is reloaded after a gap', async () => {
      await feed.restoreStream('activity', NICO.id, known.length);
      expect(await answers()).toEqual(expected);
    });
  },
);

async function every<Item>(read: (cursor?: string) => Promise<{ items: Item[]; next: string }>): Promise<Item[]> {
  const items: Item[] = [];
  for (let cursor: string | undefined; cursor !== ''; ) {
    const page = await read(cursor);
    items.push(...page.items);
    cursor = page.next;
  }
  return items;
}

/** The database alone scores objects as of now, the index as of its first hour. */
const withoutScores = (answer: object) =>
  JSON.parse(JSON.stringify(answer), (key, value) => (key === 'score' ? undefined : value));

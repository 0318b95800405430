import { FEED_STATUSES, type FeedKind, type UserId } from '@activity-feed/contracts';
import { readAtOnce } from '@activity-feed/link';
import fc from 'fast-check';
import { readFeedPosition } from '../../services/feed/src/consume-log/stored-position';
import { HypertableTimeline } from '../../services/feed/src/hypertable/hypertable-timeline';
import { IdArray } from '../../services/feed/src/hypertable/id-array';
import { ReadFeed } from '../../services/feed/src/read-feed/read-feed';
import { createFeedDatabase } from '../harness/feed-databases';
import { forgedGroupCursors, forgedPageCursors } from '../harness/forged-cursors';
import type { TestDatabase } from '../harness/test-database';
import { FeedUnderTest } from './feed-under-test';

const NOW = Date.parse('2026-03-10T22:00:00Z');
const READER = 1 as UserId;

const ACTIVITIES = `
INSERT INTO activities (time, event_id, actor_id, verb, object_type, object_id)
SELECT time::timestamptz, gen_random_uuid(), 1, 'post', 'post', n
FROM unnest(ARRAY['1970-01-01Z', '1970-01-02Z', '2020-01-01Z', '2026-03-09Z', '2026-03-10Z']) WITH ORDINALITY AS t(time, n)`;

describe('a forged cursor', () => {
  let database: TestDatabase;
  let feed: FeedUnderTest;
  let pages: ReadFeed;

  beforeAll(async () => {
    database = await createFeedDatabase();
    await database.pool.query("INSERT INTO users VALUES (1, 'ivan')");
    await database.pool.query(ACTIVITIES);
    feed = await FeedUnderTest.open(database, false, NOW);
    await feed.restart();
    pages = new ReadFeed({
      followees: async () => IdArray.of(),
      hidden: async () => undefined,
      hypertable: new HypertableTimeline(database.pool),
      applied: { reach: async () => true },
      indexed: undefined,
      position: () => readFeedPosition(database.pool),
    });
  });
  afterAll(async () => {
    await feed?.close();
    await database?.drop();
  });

  it.each([
    ['memory and the database', true],
    ['the database alone', false],
  ])('returns a page of groups or is rejected, from %s', async (_from, index) => {
    feed.useIndex(index);
    await fc.assert(
      fc.asyncProperty(forgedGroupCursors, async (cursor) => {
        const groups = await feed.groups('my', READER, 3, cursor).catch((error: Error) => error.message);
        expect(groups).toEqual(
          typeof groups === 'string' ? expect.stringContaining('CURSOR_INVALID') : expect.anything(),
        );
      }),
    );
  });

  it('returns a page of entries or is rejected', async () => {
    await fc.assert(
      fc.asyncProperty(forgedPageCursors, fc.constantFrom<FeedKind>('my', 'friends'), async (cursor, kind) => {
        const query = { feed: kind, reader: READER, limit: 3, cursor, atLeast: [], nextUrl: '' };
        const { status, payload } = await pages.page(query);
        const text = Buffer.from(readAtOnce(payload)).toString();
        if (status === FEED_STATUSES.ok) expect(JSON.parse(text)).toHaveProperty(`${kind}_feed`);
        else expect(text).toContain('CURSOR_INVALID');
      }),
    );
  });
});

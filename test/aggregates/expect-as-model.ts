import {
  type ActivityGroup,
  type FeedKind,
  type ObjectRef,
  type TrendingAmong,
  type UserId,
} from '@activity-feed/contracts';
import type { ActivityModel } from './activity-model';
import type { FeedUnderTest } from './feed-under-test';

const FEEDS: FeedKind[] = ['my', 'friends'];
const WINDOWS = ['1h', '24h', '7d'] as const;
const TYPES = [undefined, 'post', 'photo', 'comment'] as const;

export interface Questions {
  readers: readonly UserId[];
  objects: readonly ObjectRef[];
  /** Groups per page. */
  limit: number;
  /** Pages to read of each feed. */
  pages: number;
  days: readonly number[];
}

/** Compares the answers of all reads with the model's. */
export async function expectAsModel(feed: FeedUnderTest, model: ActivityModel, questions: Questions): Promise<void> {
  const { readers, objects, limit, pages, days } = questions;
  for (const reader of readers) {
    for (const kind of FEEDS) {
      const groups = await groupsOf(feed, kind, reader, { limit, pages });
      expect(groups).toEqual(model.groups(kind, reader).slice(0, limit * pages));
      for (const count of days) {
        expect(await feed.summary(kind, reader, count)).toEqual(model.summary(kind, reader, count, feed.time));
      }
    }
    await expectTrends(feed, model, reader, 'friends');
  }
  await expectTrends(feed, model, readers[0] as UserId, 'all');
  const engagements = objects.map((object) => model.engagement(object));
  expect(await feed.engagements([...objects])).toEqual(engagements);
  for (const [place, object] of objects.entries()) expect(await feed.engagement(object)).toEqual(engagements[place]);
}

async function expectTrends(
  feed: FeedUnderTest,
  model: ActivityModel,
  reader: UserId,
  among: TrendingAmong,
): Promise<void> {
  for (const window of WINDOWS) {
    for (const type of TYPES) {
      const query = { reader, window, type, among, limit: 20 };
      const { trending, at } = await feed.trendingAt(query);
      expect(trending).toEqual(model.trending(query, at));
    }
  }
}

/** Groups of a feed, page by page, up to `pages` pages. */
export async function groupsOf(
  feed: FeedUnderTest,
  kind: FeedKind,
  reader: UserId,
  { limit, pages }: Pick<Questions, 'limit' | 'pages'>,
): Promise<ActivityGroup[]> {
  const found: ActivityGroup[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < pages; page++) {
    const { groups, next } = await feed.groups(kind, reader, limit, cursor);
    found.push(...groups);
    if (next === '') break;
    expect(groups).toHaveLength(limit);
    cursor = next;
  }
  return found;
}

import { isDeepStrictEqual } from 'node:util';
import {
  type ActivityGroup,
  type FeedEntry,
  type FeedKind,
  type ObjectRef,
  type TrendingAmong,
  type UserId,
} from '@activity-feed/contracts';
import { seededRandom } from '../world/random';
import type { ActivityModel } from './activity-model';
import type { FeedUnderTest } from './feed-under-test';

const FEEDS: FeedKind[] = ['my', 'friends'];
const WINDOWS = ['1h', '24h', '7d'] as const;
const TYPES = ['post', 'photo', 'comment'] as const;

const random = seededRandom(11);
const oneOf = <Item>(items: readonly Item[]) => items[random.below(items.length)] as Item;

export interface Questions {
  readers: readonly UserId[];
  objects: readonly ObjectRef[];
  /** Entries or groups per page. */
  limit: number;
  /** Pages to read of each feed. */
  pages: number;
  /** Lengths of summaries, of which each comparison chooses at random. */
  days: readonly number[];
}

/** Compares the answers of all reads with the model's. */
export async function expectAsModel(feed: FeedUnderTest, model: ActivityModel, questions: Questions): Promise<void> {
  const { readers, objects, limit, pages, days } = questions;
  for (const reader of readers) {
    for (const kind of FEEDS) {
      const groups = await groupsOf(feed, kind, reader, { limit, pages });
      expectEqual(groups, model.groups(kind, reader).slice(0, limit * pages));
      const count = oneOf(days);
      expectEqual(await feed.summary(kind, reader, count), model.summary(kind, reader, count, feed.time));
    }
    await expectTrends(feed, model, reader, 'friends');
  }
  await expectTrends(feed, model, readers[0] as UserId, 'all');
  const engagements = objects.map((object) => model.engagement(object));
  expect(await feed.engagements([...objects])).toEqual(engagements);
  const place = random.below(objects.length);
  expect(await feed.engagement(objects[place] as ObjectRef)).toEqual(engagements[place]);
}

/** Compares trends with the model's: of all types in a window at random, and of one type. */
export async function expectTrends(
  feed: FeedUnderTest,
  model: ActivityModel,
  reader: UserId,
  among: TrendingAmong,
): Promise<void> {
  for (const type of [undefined, oneOf(TYPES)]) {
    const query = { reader, window: oneOf(WINDOWS), type, among, limit: 20 };
    const { trending, at } = await feed.trendingAt(query);
    expectEqual(trending, model.trending(query, at));
  }
}

type Pages = Pick<Questions, 'limit' | 'pages'>;

/** `toEqual` takes much longer on equal values, but describes differences. */
export function expectEqual(actual: unknown, expected: unknown): void {
  if (!isDeepStrictEqual(actual, expected)) expect(actual).toEqual(expected);
}

/** Groups of a feed, page by page, up to `pages` pages. */
export function groupsOf(feed: FeedUnderTest, kind: FeedKind, reader: UserId, of: Pages): Promise<ActivityGroup[]> {
  return allOf(of, async (cursor) => {
    const { groups, next } = await feed.groups(kind, reader, of.limit, cursor);
    return { items: groups, next };
  });
}

/** Compares pages of activities with the model's. */
export async function expectEntriesAsModel(
  feed: FeedUnderTest,
  model: ActivityModel,
  { readers, limit, pages }: Questions,
): Promise<void> {
  for (const reader of readers) {
    for (const kind of FEEDS) {
      const entries = await allOf<FeedEntry>({ limit, pages }, async (cursor) => {
        const { entries: items, next } = await feed.page(kind, reader, limit, cursor);
        return { items, next };
      });
      expectEqual(entries, model.entries(kind, reader).slice(0, limit * pages));
    }
  }
}

async function allOf<Item>(
  { limit, pages }: Pages,
  read: (cursor: string | undefined) => Promise<{ items: Item[]; next: string }>,
): Promise<Item[]> {
  const found: Item[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < pages; page++) {
    const { items, next } = await read(cursor);
    found.push(...items);
    if (next === '') break;
    expect(items).toHaveLength(limit);
    cursor = next;
  }
  return found;
}

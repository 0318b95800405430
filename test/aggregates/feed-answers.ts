import {
  type ActivityGroup,
  type Engagement,
  FEED_STATUSES,
  type FeedEntry,
  type FeedKind,
  type HourlyActivity,
  type ObjectRef,
  type Summary,
  type TrendingObject,
  type TrendingQuery,
  type UserId,
} from '@activity-feed/contracts';
import { type BorrowedReply, type Reply, readAtOnce } from '@activity-feed/link';
import type { Pool } from 'pg';
import { BUCKET_LENGTH, type Bucket } from '../../services/feed/src/aggregates/aggregate-time';
import { readFeedPosition } from '../../services/feed/src/consume-log/stored-position';
import { readHiddenIds } from '../../services/feed/src/hypertable/hidden-ids';
import { HypertableTimeline } from '../../services/feed/src/hypertable/hypertable-timeline';
import { AnswerCache } from '../../services/feed/src/keep-answers/answer-cache';
import { IndexedFeed } from '../../services/feed/src/read-feed/indexed-feed';
import { ReadFeed } from '../../services/feed/src/read-feed/read-feed';
import { IndexedVersions } from '../../services/feed/src/read-own-writes/indexed-versions';
import { NO_TAKE_BACKS } from '../../services/feed/src/read-own-writes/recent-take-backs';
import { WaitingReads, WaitSlots } from '../../services/feed/src/read-own-writes/waiting-reads';
import { readFollowees } from '../../services/feed/src/read-scope/followees';
import { LoadFollowees } from '../../services/feed/src/read-scope/load-followees';
import type { MemoryBoundary } from '../../services/feed/src/read-scope/memory-boundary';
import { ReadScope } from '../../services/feed/src/read-scope/read-scope';
import { ReadVisibility } from '../../services/feed/src/read-visibility/read-visibility';
import { aggregateReads } from '../../services/feed/src/serve-reads/aggregate-reads';
import type { TimelineIndex } from '../../services/feed/src/timeline-index/timeline-index';
import type { HourOfVerb } from './activity-model';

/** Every required version counts as applied. */
const APPLIED = { reach: () => Promise.resolve(true) };

export interface EntriesOf {
  entries: FeedEntry[];
  next: string;
}

export interface PageOf {
  groups: ActivityGroup[];
  next: string;
}

/** Answers a feed's reads in this process, by the test's clock. */
export abstract class FeedAnswers {
  protected abstract readonly index: TimelineIndex;
  protected abstract readonly boundaries: Record<Bucket, MemoryBoundary>;
  private fromIndex = true;

  protected constructor(
    readonly pool: Pool,
    /** Milliseconds since 1970. */
    public time: number,
  ) {}

  /** Whether reads may use the index; otherwise they use the database only. */
  useIndex(use: boolean): void {
    this.fromIndex = use;
  }

  async page(feed: FeedKind, reader: UserId, limit: number, cursor?: string): Promise<EntriesOf> {
    const query = { feed, reader, limit, cursor, atLeast: [], nextUrl: '' };
    const page = await read<Record<string, unknown>>(this.feed.page(query));
    return { entries: page[`${feed}_feed`] as FeedEntry[], next: page.next_url as string };
  }

  async groups(feed: FeedKind, reader: UserId, limit: number, cursor?: string): Promise<PageOf> {
    const query = { feed, reader, limit, cursor, atLeast: [], nextUrl: '' };
    const page = await read<Record<string, unknown>>(this.reads.groups(query));
    return { groups: page[`${feed}_feed`] as ActivityGroup[], next: page.next_url as string };
  }

  async summary(feed: FeedKind, reader: UserId, days: number): Promise<Summary> {
    const answer = await read<Record<string, Summary>>(this.reads.summary({ feed, reader, days, atLeast: [] }));
    return answer[`${feed}_summary`] as Summary;
  }

  async trending(query: Omit<TrendingQuery, 'atLeast'>): Promise<TrendingObject[]> {
    return (await read<{ trending: TrendingObject[] }>(this.reads.trending({ ...query, atLeast: [] }))).trending;
  }

  /**
   * Trending objects, with the time at which they are scored: while the database is behind, trends among all users are
   * scored at the first hour that is in memory.
   */
  async trendingAt(query: Omit<TrendingQuery, 'atLeast'>): Promise<{ trending: TrendingObject[]; at: number }> {
    for (;;) {
      const at = query.among === 'all' && this.fromIndex ? await this.openHour() : this.time;
      const trending = await this.trending(query);
      // Repeated if the boundary has moved in between.
      if (query.among !== 'all' || !this.fromIndex || (await this.openHour()) === at) return { trending, at };
    }
  }

  engagement(object: ObjectRef): Promise<Engagement> {
    return read(this.reads.engagement({ object, atLeast: [] }));
  }

  engagements(objects: ObjectRef[]): Promise<Engagement[]> {
    return read(this.reads.engagements({ objects, atLeast: [] }));
  }

  /** How each of `users` appears to `reader`: bits of APPEARANCE. */
  visibility(reader: UserId, users: UserId[]): Promise<number[]> {
    const visibility = new ReadVisibility({ scope: this.scope, now: () => this.time });
    return read(visibility.read({ reader, users, atLeast: [] }));
  }

  /** The aggregate for dashboards, read by SQL. */
  async hours(): Promise<HourOfVerb[]> {
    const hour = `to_char(hour AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24')`;
    const { rows } = await this.pool.query<HourOfVerb>(
      `SELECT ${hour} AS hour, verb, activities, actors FROM verb_activity_hourly ORDER BY hour, verb COLLATE "C"`,
    );
    return rows;
  }

  async stats(hours: number): Promise<HourlyActivity[]> {
    return (await read<{ stats: HourlyActivity[] }>(this.reads.stats({ hours }))).stats;
  }

  private async openHour(): Promise<number> {
    return Math.max(await this.boundaries.hour.now(), this.index.recent.from / 1_000) + BUCKET_LENGTH.hour;
  }

  private get feed(): ReadFeed {
    const { pool } = this;
    const hypertable = new HypertableTimeline(pool);
    const indexed = new IndexedFeed({ ...this.memory, hypertable });
    return new ReadFeed({
      followees: (reader) => readFollowees(pool, reader),
      hidden: (viewer, attention) => readHiddenIds(pool, viewer, attention),
      hypertable,
      applied: APPLIED,
      indexed,
      position: () => readFeedPosition(pool),
    });
  }

  private get memory() {
    const { index, pool } = this;
    const versions = new IndexedVersions(index, new WaitingReads({ slots: new WaitSlots() }));
    const takeBacks = { requiredBy: () => NO_TAKE_BACKS };
    return { index, versions, followees: new LoadFollowees(pool, index), takeBacks, isReady: () => this.fromIndex };
  }

  private get scope() {
    const { pool, boundaries } = this;
    return new ReadScope({ ...this.memory, applied: APPLIED, pool, boundaries });
  }

  private get reads() {
    const { pool, scope } = this;
    const position = () => readFeedPosition(pool);
    return aggregateReads({ scope, pool, cache: new AnswerCache(undefined, 30), position, now: () => this.time });
  }
}

async function read<Value>(reply: Reply | BorrowedReply | Promise<Reply>): Promise<Value> {
  const { status, payload } = await reply;
  const text = Buffer.from(readAtOnce(payload)).toString();
  if (status !== FEED_STATUSES.ok) throw new Error(`the read failed with status ${status}: ${text}`);
  return JSON.parse(text);
}

import {
  type ActivityGroup,
  type Engagement,
  FEED_STATUSES,
  type FeedEntry,
  type FeedKind,
  type HourlyActivity,
  type ObjectRef,
  type Source,
  type Summary,
  type TrendingObject,
  type TrendingQuery,
  type UserId,
} from '@activity-feed/contracts';
import { inTransaction } from '@activity-feed/eventing';
import { type BorrowedReply, type Reply, readAtOnce } from '@activity-feed/link';
import { Client, type Pool } from 'pg';
import type { Effects } from '../../services/feed/src/activity/effects';
import { AGGREGATES, type Aggregate } from '../../services/feed/src/aggregates/aggregate';
import { BUCKET_LENGTH, type Bucket } from '../../services/feed/src/aggregates/aggregate-time';
import { readDroppedUntil } from '../../services/feed/src/hypertable/dropped-activities';
import { HypertableTimeline } from '../../services/feed/src/hypertable/hypertable-timeline';
import { AnswerCache } from '../../services/feed/src/keep-answers/answer-cache';
import { fillIndex } from '../../services/feed/src/load-index/fill-index';
import { restoreStream } from '../../services/feed/src/load-index/restore-stream';
import { ViewMaintainer } from '../../services/feed/src/maintain-aggregates/view-maintainer';
import { KnownUsers } from '../../services/feed/src/project-activities/known-users';
import { noteLateActivities } from '../../services/feed/src/project-activities/late-activities';
import { writeEffects } from '../../services/feed/src/project-activities/write-effects';
import { IndexedFeed } from '../../services/feed/src/read-feed/indexed-feed';
import { ReadFeed } from '../../services/feed/src/read-feed/read-feed';
import { IndexedVersions } from '../../services/feed/src/read-own-writes/indexed-versions';
import { WaitingReads, WaitSlots } from '../../services/feed/src/read-own-writes/waiting-reads';
import { readFollowees } from '../../services/feed/src/read-scope/followees';
import { LoadFollowees } from '../../services/feed/src/read-scope/load-followees';
import { memoryBoundaries } from '../../services/feed/src/read-scope/memory-boundaries';
import type { MemoryBoundary } from '../../services/feed/src/read-scope/memory-boundary';
import { ReadScope } from '../../services/feed/src/read-scope/read-scope';
import { Refresher } from '../../services/feed/src/refresh-aggregates/refresher';
import { ApplyRetention } from '../../services/feed/src/retain-activities/apply-retention';
import { compressChunks } from '../../services/feed/src/retain-activities/compression';
import { aggregateReads } from '../../services/feed/src/serve-reads/aggregate-reads';
import { type IndexOptions, TimelineIndex } from '../../services/feed/src/timeline-index/timeline-index';
import { silent } from '../harness/test-database';
import type { HourOfVerb } from './activity-model';

const BATCH = 5_000;
const MAX_TURNS = 100;

/** Every required version counts as applied. */
const APPLIED = { reach: () => Promise.resolve(true) };

const PLACE = { topic: 'activity.events.v1', partition: 0 };
const PROJECTED = `
INSERT INTO projection_offsets (topic, partition, next_offset) VALUES ($1, $2, $3)
ON CONFLICT (topic, partition) DO UPDATE SET next_offset = excluded.next_offset`;

/** The tables that a rebuild empties before the log is read from its beginning. */
export const TO_EMPTY =
  'activities, users, follows, applied_versions, projection_offsets, late_activities, aggregate_progress, ' +
  'activities_retention, trending_lists, trending_objects';

export interface EntriesOf {
  entries: FeedEntry[];
  next: string;
}

export interface PageOf {
  groups: ActivityGroup[];
  next: string;
}

/** A feed's database, index, refresher and reads in this process, with the test's clock. */
export class FeedUnderTest {
  private index: TimelineIndex;
  private fromIndex = true;
  /** Events that the index has received, all in one partition. */
  private received = 0;
  private boundaries: Record<Bucket, MemoryBoundary>;
  private readonly maintainer: Refresher | ViewMaintainer;

  private constructor(
    readonly pool: Pool,
    readonly client: Client,
    /** Whether aggregates are continuous; otherwise they are views. */
    continuous: boolean,
    /** Milliseconds since 1970. */
    public time: number,
    /** The index's budget. */
    private readonly window: Pick<IndexOptions, 'budget' | 'segmentBits'>,
  ) {
    this.index = this.newIndex();
    this.boundaries = this.newBoundaries();
    this.maintainer = continuous ? this.refresherOf(AGGREGATES) : new ViewMaintainer(client, this.maintenance);
  }

  static async open(database: { url: string; pool: Pool }, continuous: boolean, time: number): Promise<FeedUnderTest> {
    const client = new Client({ connectionString: database.url });
    await client.connect();
    // With views, closed days are read from memory too. The small budget makes most pages continue in the database.
    const window = continuous ? { budget: 1_000_000 } : { budget: 12_000, segmentBits: 10 };
    return new FeedUnderTest(database.pool, client, continuous, time, window);
  }

  close(): Promise<void> {
    return this.client.end();
  }

  /** Writes events in batches, and applies them to the index. */
  async project(effects: readonly Effects[]): Promise<void> {
    const known = new KnownUsers();
    for (let from = 0; from < effects.length; from += BATCH) {
      const batch = effects.slice(from, from + BATCH);
      await inTransaction(this.pool, async (tx) => {
        await writeEffects(tx, batch, known);
        await noteLateActivities(tx, batch, this.time);
      });
      this.receive(batch);
      await this.pool.query(PROJECTED, [PLACE.topic, PLACE.partition, this.received]);
    }
  }

  /** Applies events to the index that the projector has not written yet. */
  receive(effects: readonly Effects[]): void {
    for (const event of effects) if (this.index.apply(event) === 'applied') this.received++;
  }

  /** Empties database and index, as for a rebuild. */
  async empty(): Promise<void> {
    await this.pool.query(`TRUNCATE ${TO_EMPTY}`);
    this.received = 0;
    this.startAgain();
  }

  /** Runs the maintenance that is due. */
  async refresh(maintainer: Refresher | ViewMaintainer = this.maintainer): Promise<void> {
    for (let turn = 0; turn < MAX_TURNS; turn++) if (await maintainer.turn()) return;
    throw new Error(`maintenance was not finished after ${MAX_TURNS} turns`);
  }

  refresherOf(aggregates: readonly Aggregate[]): Refresher {
    return new Refresher(this.client, { aggregates, log: silent, ...this.maintenance });
  }

  /** Compresses the chunks that end before `time`, as the policy would. */
  async compress(time: number): Promise<void> {
    await compressChunks(this.client, '30 days');
    await this.client.query(
      "SELECT compress_chunk(chunk) FROM show_chunks('activities', older_than => $1::timestamptz) AS chunk",
      [new Date(time)],
    );
  }

  /** Drops activities older than `retention` milliseconds. */
  async retain(retention: number): Promise<void> {
    const refresher = this.maintainer instanceof Refresher ? this.maintainer : undefined;
    const options = { retention, refresher, log: silent, now: () => this.time, quiet: 0 };
    await new ApplyRetention(this.client, options).turn();
    const until = await readDroppedUntil(this.client);
    if (until !== undefined) this.index.endAt(until - 1);
  }

  /** Reloads the index from the database, as a starting reader does. */
  async restart(): Promise<void> {
    this.startAgain();
    await fillIndex(this.client, this.index, this.window.budget, () => undefined);
  }

  /** Whether reads may use the index; otherwise they use the database only. */
  useIndex(use: boolean): void {
    this.fromIndex = use;
  }

  async page(feed: FeedKind, reader: UserId, limit: number, cursor?: string): Promise<EntriesOf> {
    const query = { feed, reader, limit, cursor, atLeast: [], nextUrl: '' };
    const page = await read<Record<string, unknown>>(this.feed.page(query));
    return { entries: page[`${feed}_feed`] as FeedEntry[], next: page.next_url as string };
  }

  /** Reloads a stream of the index from the database. */
  restoreStream(source: Source, stream: UserId, version: number): Promise<void> {
    return restoreStream(this.pool, this.index, { source, stream, version }, silent, () => false);
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

  private get maintenance() {
    return { now: () => this.time, onRefreshed: () => Promise.resolve() };
  }

  private get feed(): ReadFeed {
    const { pool } = this;
    const hypertable = new HypertableTimeline(pool);
    const indexed = new IndexedFeed({ ...this.memory, hypertable });
    return new ReadFeed({ followees: (reader) => readFollowees(pool, reader), hypertable, applied: APPLIED, indexed });
  }

  private get memory() {
    const { index, pool } = this;
    const versions = new IndexedVersions(index, new WaitingReads({ slots: new WaitSlots() }));
    return { index, versions, followees: new LoadFollowees(pool, index), isReady: () => this.fromIndex };
  }

  private get reads() {
    const { pool, boundaries } = this;
    const scope = new ReadScope({ ...this.memory, applied: APPLIED, pool, boundaries });
    return aggregateReads({ scope, pool, cache: new AnswerCache(undefined, 30), now: () => this.time });
  }

  /** As a reader that starts when the database has everything in the log. */
  private startAgain(): void {
    this.index = this.newIndex();
    this.boundaries = this.newBoundaries();
  }

  private newBoundaries(): Record<Bucket, MemoryBoundary> {
    const process = {
      reached: () => [{ ...PLACE, offset: BigInt(this.received) }],
      loadedUntil: this.time,
    };
    return memoryBoundaries(process, this.pool, () => this.time);
  }

  private newIndex(): TimelineIndex {
    return new TimelineIndex({ ...this.window, followeeBudget: 1_000_000, now: () => this.time });
  }
}

async function read<Value>(reply: Reply | BorrowedReply | Promise<Reply>): Promise<Value> {
  const { status, payload } = await reply;
  const text = Buffer.from(readAtOnce(payload)).toString();
  if (status !== FEED_STATUSES.ok) throw new Error(`the read failed with status ${status}: ${text}`);
  return JSON.parse(text);
}

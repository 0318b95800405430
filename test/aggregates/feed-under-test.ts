import type { Source, UserId } from '@activity-feed/contracts';
import { inTransaction } from '@activity-feed/eventing';
import { Client, type Pool } from 'pg';
import { justBefore } from '../../services/feed/src/activity/durations';
import type { Effects } from '../../services/feed/src/activity/effects';
import { AGGREGATES, type Aggregate } from '../../services/feed/src/aggregates/aggregate';
import type { Bucket } from '../../services/feed/src/aggregates/aggregate-time';
import { MoveActivities } from '../../services/feed/src/hide-activities/move-activities';
import { readDroppedUntil } from '../../services/feed/src/hypertable/dropped-activities';
import { fillIndex } from '../../services/feed/src/load-index/fill-index';
import { restoreStream } from '../../services/feed/src/load-index/restore-stream';
import { ViewMaintainer } from '../../services/feed/src/maintain-aggregates/view-maintainer';
import { KnownUsers } from '../../services/feed/src/project-activities/known-users';
import { projectEffects } from '../../services/feed/src/project-activities/project-effects';
import { memoryBoundaries } from '../../services/feed/src/read-scope/memory-boundaries';
import type { MemoryBoundary } from '../../services/feed/src/read-scope/memory-boundary';
import { Refresher } from '../../services/feed/src/refresh-aggregates/refresher';
import { ApplyRetention } from '../../services/feed/src/retain-activities/apply-retention';
import { setCompressionPolicy } from '../../services/feed/src/retain-activities/set-compression-policy';
import { type IndexOptions, TimelineIndex } from '../../services/feed/src/timeline-index/timeline-index';
import { silent } from '../harness/test-database';
import { FeedAnswers } from './feed-answers';

const BATCH = 5_000;
const MAX_TURNS = 100;

const PLACE = { topic: 'activity.events.v1', partition: 0 };
const PROJECTED = `
INSERT INTO projection_offsets (topic, partition, next_offset) VALUES ($1, $2, $3)
ON CONFLICT (topic, partition) DO UPDATE SET next_offset = excluded.next_offset`;

/** The tables that a rebuild empties before the log is read from its beginning. */
export const TO_EMPTY =
  'activities, users, follows, applied_versions, projection_offsets, late_activities, noted_groups, noted_objects, ' +
  'hidden_users, closed_accounts, object_states, hidden_activities, aggregate_corrections, aggregate_progress, activities_retention, trending_lists, trending_objects, ' +
  'notices, undone_activities, notification_marks';

/** A feed's database, index, maintenance and reads in this process. */
export class FeedUnderTest extends FeedAnswers {
  protected index: TimelineIndex;
  /** Events that the index has received, all in one partition. */
  private received = 0;
  protected boundaries: Record<Bucket, MemoryBoundary>;
  private readonly maintainer: Refresher | ViewMaintainer;
  private readonly mover: MoveActivities;

  private constructor(
    pool: Pool,
    readonly client: Client,
    /** Whether aggregates are continuous; otherwise they are views. */
    continuous: boolean,
    time: number,
    /** The index's budget. */
    private readonly window: Pick<IndexOptions, 'budget' | 'segmentBits'>,
  ) {
    super(pool, time);
    this.index = this.newIndex();
    this.boundaries = this.newBoundaries();
    this.mover = new MoveActivities(client, () => this.time);
    this.maintainer = continuous ? this.refresherOf(AGGREGATES) : new ViewMaintainer(client, this.maintenance);
  }

  static async open(database: { url: string; pool: Pool }, continuous: boolean, time: number): Promise<FeedUnderTest> {
    const client = new Client({ connectionString: database.url });
    await client.connect();
    // With views, closed days are read from memory too. The small budget makes most pages continue in the database.
    const window = continuous ? { budget: 1_000_000 } : { budget: 4_000, segmentBits: 10 };
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
      await inTransaction(this.pool, (tx) => projectEffects(tx, batch, known, () => this.time));
      this.receive(batch);
      await this.pool.query(PROJECTED, [PLACE.topic, PLACE.partition, this.received]);
    }
  }

  /** Writes events that the index does not receive. */
  async projectUnseen(effects: readonly Effects[]): Promise<void> {
    await inTransaction(this.pool, (tx) => projectEffects(tx, effects, new KnownUsers(), () => this.time));
  }

  /** Applies events to the index that the projector has not written yet. */
  receive(effects: readonly Effects[]): void {
    for (const event of effects) if (this.index.apply(event) === 'applied') this.received++;
  }

  /** Hides and shows the rows of changed objects in the index, as a reader does beside its reads. */
  settle(): void {
    for (const _ of this.index.settle());
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

  /** Moves the activities of deleted and restored objects; false if some are left for the next turn. */
  move(): Promise<boolean> {
    return this.mover.turn();
  }

  /** Moves a few activities at a time, and fails after some transactions, as if the process crashed. */
  async moveSome(transactions: number, batch: number): Promise<void> {
    let begun = 0;
    const failing = (text: string) => text === 'BEGIN' && ++begun > transactions;
    const crash = () => Promise.reject(new Error('crashed'));
    const client = new Proxy(this.client, {
      get: (target, name) =>
        name === 'query'
          ? (text: string, values?: unknown[]) => (failing(text) ? crash() : target.query(text, values))
          : Reflect.get(target, name, target),
    });
    await new MoveActivities(client, () => this.time, batch).turn().catch((error: Error) => {
      if (error.message !== 'crashed') throw error;
    });
  }

  /** The number of noted groups and objects. */
  async notes(): Promise<number> {
    const { rows } = await this.pool.query<{ count: number }>(
      'SELECT (SELECT count(*) FROM noted_groups) + (SELECT count(*) FROM noted_objects) AS count',
    );
    return Number(rows[0]?.count);
  }

  refresherOf(aggregates: readonly Aggregate[]): Refresher {
    return new Refresher(this.client, { aggregates, log: silent, ...this.maintenance });
  }

  /** Compresses the chunks that end before `time`, as the policy would. */
  async compress(time: number): Promise<void> {
    await setCompressionPolicy(this.client, '30 days');
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
    if (until !== undefined) this.index.endAt(justBefore(until));
  }

  /** Reloads the index from the database, as a starting reader does. */
  async restart(): Promise<void> {
    this.startAgain();
    await fillIndex(this.client, this.index, this.window.budget, () => undefined);
  }

  /** Reloads a stream of the index from the database. */
  restoreStream(source: Source, stream: UserId, version: number): Promise<void> {
    return restoreStream(this.pool, this.index, { source, stream, version }, silent, () => false);
  }

  private get maintenance() {
    return { now: () => this.time, onRefreshed: () => Promise.resolve() };
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

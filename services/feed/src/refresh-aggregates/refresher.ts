import { type Milliseconds, sqlMilliseconds } from '@activity-feed/contracts';
import type { Logger } from '@activity-feed/hosting';
import type { ClientBase } from 'pg';
import type { Aggregate } from '../aggregates/aggregate';
import { BUCKET_LENGTH, bucketStart, closedUntil } from '../aggregates/aggregate-time';
import { forgetNotes, isDue, isRecent, type LateDay, readLateDays, readSeenNotes } from '../aggregates/late-activities';
import { dropIndexForViews } from '../aggregates/prepare-views';
import { readProgress, storeProgress } from '../aggregates/progress';
import { readRelation } from '../aggregates/relations';
import { wholeBuckets, within } from '../aggregates/time-range';
import { refreshableFrom } from '../retain-activities/dropped-chunks';
import { TrendingLists } from '../store-trending-lists/trending-lists';
import { buildingName, switchTo } from './build-aggregate';
import { nextName } from './next-name';
import { refresh } from './refresh-range';

/** Filling pauses for late activities after this time. */
const FILLING_TURN: Milliseconds = 5_000;

export interface RefresherOptions {
  aggregates: readonly Aggregate[];
  log: Logger;
  now(): Milliseconds;
  onRefreshed(): Promise<unknown>;
}

interface NamedAggregate {
  name: string;
  aggregate: Aggregate;
}

const OLDEST = `SELECT ${sqlMilliseconds('min(time)')} AS oldest FROM activities`;

/** Creates the continuous aggregates, fills them as buckets close, and refreshes hours with late activities. */
export class Refresher {
  private readonly lists: TrendingLists;

  constructor(
    private readonly client: ClientBase,
    private readonly options: RefresherOptions,
  ) {
    this.lists = new TrendingLists(client, options);
  }

  /** Does the work that is due; false if some is left for the next turn. */
  async turn(): Promise<boolean> {
    // Must see dropped chunks before late activities recreate them.
    await refreshableFrom(this.client);
    let done = true;
    for (const aggregate of this.options.aggregates) done = (await this.maintain(aggregate)) && done;
    done = (await this.refreshLate()) && done;
    await this.updateLists();
    return done;
  }

  /** Whether every aggregate is filled up to `time`, with no late activities pending before it. */
  async isComplete(time: Milliseconds): Promise<boolean> {
    for (const { name, bucket } of this.options.aggregates) {
      if ((await readRelation(this.client, name))?.kind !== 'continuous') return false;
      const progress = await readProgress(this.client, name);
      if (!progress || progress.until < Math.min(time, closedUntil(bucket, this.options.now()))) return false;
    }
    return (await readLateDays(this.client)).every(({ from }) => from >= time);
  }

  private async maintain(aggregate: Aggregate): Promise<boolean> {
    const name = await buildingName(this.client, aggregate);
    if (!(await this.fill(name, aggregate))) return false;
    if (name === aggregate.name) return true;
    await switchTo(this.client, aggregate);
    await dropIndexForViews(this.client);
    this.options.log.info({ aggregate: aggregate.name }, 'the continuous aggregate is filled and in use');
    return true;
  }

  /** From the oldest day on: rows newer than the materialised ones are computed when read. */
  private async fill(name: string, { bucket }: Aggregate): Promise<boolean> {
    const end = this.options.now() + FILLING_TURN;
    const until = closedUntil(bucket, this.options.now());
    const known = await readProgress(this.client, name);
    const from = known?.from ?? (await this.fillingStart(bucket, until));
    let progress = known ?? { from, until: from };
    if (!known) await storeProgress(this.client, name, progress);
    while (progress.until < until) {
      if (this.options.now() >= end) return false;
      const step = { from: progress.until, to: Math.min(nextDay(progress.until), until) };
      // Read in each step: chunks may be dropped at any time.
      const range = within(step, await refreshableFrom(this.client), until);
      if (range) await refresh(this.client, name, range);
      progress = { from, until: step.to };
      await storeProgress(this.client, name, progress);
    }
    return true;
  }

  private async fillingStart(bucket: Aggregate['bucket'], until: Milliseconds): Promise<Milliseconds> {
    const { rows } = await this.client.query<{ oldest: Milliseconds | null }>(OLDEST);
    return Math.min(bucketStart(bucket, rows[0]?.oldest ?? until), until);
  }

  private async refreshLate(): Promise<boolean> {
    const continuous = await this.continuousAggregates();
    for (const late of await readLateDays(this.client)) {
      if (!isDue(late, this.options.now())) continue;
      await this.refreshDay(late, continuous);
      // A recent day may have become due in the meantime.
      if (!isRecent(late, this.options.now())) return false;
    }
    return true;
  }

  private async refreshDay(late: LateDay, continuous: readonly NamedAggregate[]): Promise<void> {
    const seen = await readSeenNotes(this.client, late);
    for (const { name, aggregate } of continuous) {
      const progress = await readProgress(this.client, name);
      if (!progress) continue;
      // Later buckets are not filled yet; filling will include the late activities.
      const whole = within(wholeBuckets(aggregate.bucket, late), Number.NEGATIVE_INFINITY, progress.until);
      const range = whole && within(whole, await refreshableFrom(this.client), progress.until);
      if (!range) continue;
      await refresh(this.client, name, range);
      if (range.from < progress.from) await storeProgress(this.client, name, { ...progress, from: range.from });
    }
    // Before the notes are deleted: after a crash in between, the lists are updated again.
    this.lists.outdate(late);
    await this.updateLists();
    await forgetNotes(this.client, seen);
    await this.options.onRefreshed();
  }

  /** Existing continuous aggregates, including those that are still being filled. */
  private async continuousAggregates(): Promise<NamedAggregate[]> {
    const { aggregates } = this.options;
    const found: NamedAggregate[] = [];
    for (const aggregate of aggregates) {
      for (const name of [aggregate.name, nextName(aggregate)]) {
        if ((await readRelation(this.client, name))?.kind === 'continuous') found.push({ name, aggregate });
      }
    }
    return found;
  }

  /** A view needs no filling: all closed hours count as filled. */
  private async updateLists(): Promise<void> {
    const name = 'object_engagement_hourly';
    const isView = (await readRelation(this.client, name))?.kind === 'view';
    const until = isView ? closedUntil('hour', this.options.now()) : (await readProgress(this.client, name))?.until;
    if (until !== undefined) await this.lists.turn(until);
  }
}

const nextDay = (time: Milliseconds) => bucketStart('day', time) + BUCKET_LENGTH.day;

import type { Logger } from '@activity-feed/hosting';
import type { ClientBase } from 'pg';
import type { Aggregate } from '../aggregates/aggregate';
import { BUCKET_LENGTH, bucketStart, closedUntil } from '../aggregates/aggregate-time';
import { forgetLate, isDue, isRecent, type LateDay, readLateDays } from '../aggregates/late-activities';
import { dropIndexForViews } from '../aggregates/prepare-views';
import { readProgress, storeProgress } from '../aggregates/progress';
import { readRelation } from '../aggregates/relations';
import { wholeBuckets, within } from '../aggregates/time-range';
import { TrendingLists } from '../list-trends/trending-lists';
import { refreshableFrom } from '../retain-activities/dropped-chunks';
import { buildingName, switchTo } from './build-aggregate';
import { nextName } from './next-name';
import { refresh } from './refresh-range';

/** Milliseconds after which filling makes room for what is late. */
const FILLING_TURN = 5_000;

export interface RefresherOptions {
  aggregates: readonly Aggregate[];
  log: Logger;
  /** Milliseconds since 1970. */
  now(): number;
  /** Called after something that was read before has changed. */
  onRefreshed(): Promise<unknown>;
}

/** What a continuous aggregate is called, with what it is refreshed by. */
interface Refreshed {
  name: string;
  aggregate: Aggregate;
}

const OLDEST = 'SELECT (extract(epoch FROM min(time)) * 1000)::float8 AS oldest FROM activities';

/** Keeps the continuous aggregates: makes them, fills them as time goes by, and refreshes them where events came late. */
export class Refresher {
  private readonly lists: TrendingLists;

  constructor(
    private readonly client: ClientBase,
    private readonly options: RefresherOptions,
  ) {
    this.lists = new TrendingLists(client, options);
  }

  /** Does what is to be done now; false when some of it is left for the next turn. */
  async turn(): Promise<boolean> {
    // Chunks that went must be known before something that is late makes them anew.
    await refreshableFrom(this.client);
    let done = true;
    for (const aggregate of this.options.aggregates) done = (await this.keep(aggregate)) && done;
    done = (await this.refreshLate()) && done;
    await this.keepLists();
    return done;
  }

  /** Whether every aggregate is there, filled up to `time`, and nothing late before it is left. */
  async isComplete(time: number): Promise<boolean> {
    for (const { name, bucket } of this.options.aggregates) {
      if ((await readRelation(this.client, name))?.kind !== 'continuous') return false;
      const progress = await readProgress(this.client, name);
      if (!progress || progress.until < Math.min(time, closedUntil(bucket, this.options.now()))) return false;
    }
    return (await readLateDays(this.client)).every(({ from }) => from >= time);
  }

  /** False when the aggregate is not filled up to now. */
  private async keep(aggregate: Aggregate): Promise<boolean> {
    const name = await buildingName(this.client, aggregate);
    if (!(await this.fill(name, aggregate))) return false;
    if (name === aggregate.name) return true;
    await switchTo(this.client, aggregate);
    await dropIndexForViews(this.client);
    this.options.log.info({ aggregate: aggregate.name }, 'the continuous aggregate is filled and in use');
    return true;
  }

  /** From the oldest day on, so that what is not materialised yet is newer and made when it is read. */
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
      // Asked for each time: chunks may go at any moment.
      const stretch = within(step, await refreshableFrom(this.client), until);
      if (stretch) await refresh(this.client, name, stretch);
      progress = { from, until: step.to };
      await storeProgress(this.client, name, progress);
    }
    return true;
  }

  private async fillingStart(bucket: Aggregate['bucket'], until: number): Promise<number> {
    const { rows } = await this.client.query<{ oldest: number | null }>(OLDEST);
    return Math.min(bucketStart(bucket, rows[0]?.oldest ?? until), until);
  }

  private async refreshLate(): Promise<boolean> {
    const names = await this.refreshed();
    for (const late of await readLateDays(this.client)) {
      if (!isDue(late, this.options.now())) continue;
      await this.refreshDay(late, names);
      // Another day may be due before an older one.
      if (!isRecent(late, this.options.now())) return false;
    }
    return true;
  }

  private async refreshDay(late: LateDay, names: readonly Refreshed[]): Promise<void> {
    for (const { name, aggregate } of names) {
      const progress = await readProgress(this.client, name);
      if (!progress) continue;
      // What is not filled yet will be, with what is there now.
      const whole = within(wholeBuckets(aggregate.bucket, late), Number.NEGATIVE_INFINITY, progress.until);
      const stretch = whole && within(whole, await refreshableFrom(this.client), progress.until);
      if (!stretch) continue;
      await refresh(this.client, name, stretch);
      if (stretch.from < progress.from) await storeProgress(this.client, name, { ...progress, from: stretch.from });
    }
    // Before the note is forgotten: whoever dies in between is told once more.
    this.lists.outdate(late);
    await this.keepLists();
    await forgetLate(this.client, late);
    await this.options.onRefreshed();
  }

  /** All continuous aggregates there are, also those that are still being filled. */
  private async refreshed(): Promise<Refreshed[]> {
    const { aggregates } = this.options;
    const found: Refreshed[] = [];
    for (const aggregate of aggregates) {
      for (const name of [aggregate.name, nextName(aggregate)]) {
        if ((await readRelation(this.client, name))?.kind === 'continuous') found.push({ name, aggregate });
      }
    }
    return found;
  }

  /** From the view, which shows everything, until it is filled. */
  private async keepLists(): Promise<void> {
    const name = 'object_engagement_hourly';
    const isView = (await readRelation(this.client, name))?.kind === 'view';
    const until = isView ? closedUntil('hour', this.options.now()) : (await readProgress(this.client, name))?.until;
    if (until !== undefined) await this.lists.turn(until);
  }
}

const nextDay = (time: number) => bucketStart('day', time) + BUCKET_LENGTH.day;

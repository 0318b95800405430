import type { Milliseconds } from '@activity-feed/contracts';
import type { Logger } from '@activity-feed/hosting';
import type { ClientBase } from 'pg';
import { BUCKET_LENGTH, bucketStart } from '../aggregates/aggregate-time';
import { readLateDays } from '../aggregates/late-activities';
import { dropChunks, droppableUntil } from './dropped-chunks';

const INTERVAL = 60_000;
/** The time without late activities in the range to drop: during a rebuild, more of them are still arriving. */
const QUIET: Milliseconds = 10 * 60_000;

export interface RetentionOptions {
  retention: Milliseconds;
  /** Maintains the aggregates, which outlive the activities; undefined if they are views. */
  refresher: { isComplete(until: Milliseconds): Promise<boolean> } | undefined;
  log: Logger;
  now(): Milliseconds;
  quiet?: Milliseconds;
}

/** Drops old activities, by whole days and chunks, once the aggregates include all of them. */
export class ApplyRetention {
  private quietSince: Milliseconds;
  private lastLook = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly client: ClientBase,
    private readonly options: RetentionOptions,
  ) {
    this.quietSince = options.now();
  }

  async turn(): Promise<void> {
    const { retention, refresher, log, now, quiet = QUIET } = this.options;
    const limit = bucketStart('day', now() - retention);
    const late = await readLateDays(this.client);
    if (late.some(({ from }) => from < limit + BUCKET_LENGTH.day)) this.quietSince = now();
    if (now() - this.lastLook < INTERVAL || now() - this.quietSince < quiet) return;
    this.lastLook = now();
    const end = await droppableUntil(this.client, limit);
    if (end === undefined || (refresher && !(await refresher.isComplete(end)))) return;
    if (!(await dropChunks(this.client, end))) return;
    log.info({ until: new Date(end).toISOString() }, 'dropped activities older than the retention');
  }
}

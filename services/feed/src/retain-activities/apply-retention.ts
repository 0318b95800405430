import type { Logger } from '@activity-feed/hosting';
import type { ClientBase } from 'pg';
import { BUCKET_LENGTH, bucketStart } from '../aggregates/aggregate-time';
import { readLateDays } from '../aggregates/late-activities';
import { dropChunks, droppableUntil } from './dropped-chunks';

/** Milliseconds from one look to the next. */
const INTERVAL = 60_000;
/** Milliseconds without late events of what is to go: a feed that is built anew still has more of them. */
const QUIET = 10 * 60_000;

export interface RetentionOptions {
  /** Milliseconds that activities are kept for. */
  retention: number;
  /** Keeps the aggregates that outlive them; none where there are only views. */
  refresher: { isComplete(until: number): Promise<boolean> } | undefined;
  log: Logger;
  /** Milliseconds since 1970. */
  now(): number;
  /** Milliseconds; {@link QUIET} unless given. */
  quiet?: number;
}

/** Lets old activities go, by whole days and chunks, once the aggregates have all of them. */
export class ApplyRetention {
  private quietSince: number;
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
    await dropChunks(this.client, end);
    log.info({ until: new Date(end).toISOString() }, 'activities older than the retention were dropped');
  }
}

import { type Milliseconds, toMilliseconds } from '@activity-feed/contracts';
import { DAY, HOUR } from '../activity/durations';

export type Bucket = 'hour' | 'day';

export const BUCKET_LENGTH: Record<Bucket, Milliseconds> = { hour: toMilliseconds(HOUR), day: toMilliseconds(DAY) };

/**
 * The time from a bucket's end until it counts as closed. Longer than a projector's transaction may take: a write that
 * began before the bucket closed is committed before the refresh, and a later one is noted as late.
 */
const CLOSED_AFTER: Record<Bucket, Milliseconds> = { hour: 3 * 60_000, day: 10 * 60_000 };

/** The time after midnight for which yesterday is still read from memory, until it is refreshed. */
const DAY_OVERLAP: Milliseconds = 30 * 60_000;

export const bucketStart = (bucket: Bucket, time: Milliseconds): Milliseconds => time - (time % BUCKET_LENGTH[bucket]);

/** The end of the last closed bucket. Only closed buckets are materialised. */
export const closedUntil = (bucket: Bucket, now: Milliseconds): Milliseconds =>
  bucketStart(bucket, now - CLOSED_AFTER[bucket]);

/** The first day that a read at `now` takes from memory: today, and for a while after midnight yesterday. */
export const memoryDays = (now: Milliseconds): Milliseconds => bucketStart('day', now - DAY_OVERLAP);

/** The first hour that a read at `now` takes from memory: the previous one. */
export const memoryHours = (now: Milliseconds): Milliseconds => bucketStart('hour', now) - BUCKET_LENGTH.hour;

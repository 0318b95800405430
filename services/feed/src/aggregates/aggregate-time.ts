export type Bucket = 'hour' | 'day';

/** Milliseconds. */
export const BUCKET_LENGTH: Record<Bucket, number> = { hour: 3_600_000, day: 86_400_000 };

/**
 * Milliseconds from a bucket's end until it counts as closed. Longer than a transaction of the projector may take: what
 * is written to a bucket after it has closed is noted as late, and what was begun before is there when it is refreshed.
 */
const CLOSED_AFTER: Record<Bucket, number> = { hour: 3 * 60_000, day: 10 * 60_000 };

/** Milliseconds after midnight for which the day before is read from memory too, so that it can be refreshed. */
const DAY_OVERLAP = 30 * 60_000;

/** The start of the bucket that `time` (milliseconds since 1970) lies in. */
export const bucketStart = (bucket: Bucket, time: number): number => time - (time % BUCKET_LENGTH[bucket]);

/** The end of the last bucket that is closed at `now`: what lies before may be materialised, the rest never. */
export const closedUntil = (bucket: Bucket, now: number): number => bucketStart(bucket, now - CLOSED_AFTER[bucket]);

/** From here on a read at `now` takes its days from memory: today's, and for a while yesterday's. */
export const memoryDays = (now: number): number => bucketStart('day', now - DAY_OVERLAP);

/** From here on a read at `now` takes its hours from memory: this one and the one before. */
export const memoryHours = (now: number): number => bucketStart('hour', now) - BUCKET_LENGTH.hour;

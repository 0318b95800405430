export type Bucket = 'hour' | 'day';

/** Milliseconds. */
export const BUCKET_LENGTH: Record<Bucket, number> = { hour: 3_600_000, day: 86_400_000 };

/**
 * Milliseconds from a bucket's end until it counts as closed. Longer than a projector's transaction may take: a write that
 * began before the bucket closed is committed before the refresh, and a later one is noted as late.
 */
const CLOSED_AFTER: Record<Bucket, number> = { hour: 3 * 60_000, day: 10 * 60_000 };

/** Milliseconds after midnight for which yesterday is still read from memory, until it is refreshed. */
const DAY_OVERLAP = 30 * 60_000;

export const bucketStart = (bucket: Bucket, time: number): number => time - (time % BUCKET_LENGTH[bucket]);

/** The end of the last closed bucket. Only closed buckets are materialised. */
export const closedUntil = (bucket: Bucket, now: number): number => bucketStart(bucket, now - CLOSED_AFTER[bucket]);

/** The first day that a read at `now` takes from memory: today, and for a while after midnight yesterday. */
export const memoryDays = (now: number): number => bucketStart('day', now - DAY_OVERLAP);

/** The first hour that a read at `now` takes from memory: the previous one. */
export const memoryHours = (now: number): number => bucketStart('hour', now) - BUCKET_LENGTH.hour;

import { BUCKET_LENGTH, type Bucket, bucketStart } from './aggregate-time';

/** A stretch of time in milliseconds since 1970, `from` included, `to` not. */
export interface TimeRange {
  from: number;
  to: number;
}

/** Whole buckets: from the start of the first one that `stretch` touches to the end of the last. */
export function wholeBuckets(bucket: Bucket, { from, to }: TimeRange): TimeRange {
  const length = BUCKET_LENGTH[bucket];
  return { from: bucketStart(bucket, from), to: bucketStart(bucket, to + length - 1) };
}

/** What of `stretch` lies within the two limits; undefined when nothing does. */
export function within({ from, to }: TimeRange, lowest: number, highest: number): TimeRange | undefined {
  const clipped = { from: Math.max(from, lowest), to: Math.min(to, highest) };
  return clipped.from < clipped.to ? clipped : undefined;
}

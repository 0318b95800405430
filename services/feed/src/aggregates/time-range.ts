import type { Milliseconds } from '@activity-feed/contracts';
import { BUCKET_LENGTH, type Bucket, bucketStart } from './aggregate-time';

/** `to` is exclusive. */
export interface TimeRange {
  from: Milliseconds;
  to: Milliseconds;
}

export function wholeBuckets(bucket: Bucket, { from, to }: TimeRange): TimeRange {
  const length = BUCKET_LENGTH[bucket];
  return { from: bucketStart(bucket, from), to: bucketStart(bucket, to + length - 1) };
}

/** The part of the range between the limits; undefined if there is none. */
export function within({ from, to }: TimeRange, lowest: Milliseconds, highest: Milliseconds): TimeRange | undefined {
  const clipped = { from: Math.max(from, lowest), to: Math.min(to, highest) };
  return clipped.from < clipped.to ? clipped : undefined;
}

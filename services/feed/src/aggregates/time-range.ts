import { BUCKET_LENGTH, type Bucket, bucketStart } from './aggregate-time';

/** Milliseconds since 1970; `to` is exclusive. */
export interface TimeRange {
  from: number;
  to: number;
}

export function wholeBuckets(bucket: Bucket, { from, to }: TimeRange): TimeRange {
  const length = BUCKET_LENGTH[bucket];
  return { from: bucketStart(bucket, from), to: bucketStart(bucket, to + length - 1) };
}

/** The part of the range between the limits; undefined if there is none. */
export function within({ from, to }: TimeRange, lowest: number, highest: number): TimeRange | undefined {
  const clipped = { from: Math.max(from, lowest), to: Math.min(to, highest) };
  return clipped.from < clipped.to ? clipped : undefined;
}

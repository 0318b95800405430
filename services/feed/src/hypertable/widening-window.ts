import { type EventTime, fromMicroseconds, toMicroseconds } from '@activity-feed/contracts';

/** A stretch of time, `from` included, `to` not; without `to` it has no end. */
export interface TimeSlice {
  from: EventTime;
  to?: EventTime;
}

const DAY = 24n * 60n * 60n * 1_000_000n;
const GROWTH = 4n;

/**
 * Cuts the past of `start` into slices, newest first, each four times as wide as the one before; the newest has
 * `firstDays` and no end. Only time excludes chunks of a hypertable, so a page is looked for in little time first.
 */
export function* wideningSlices(start: EventTime, firstDays = 1): Generator<TimeSlice> {
  let to: EventTime | undefined;
  let reached = toMicroseconds(start);
  for (let width = BigInt(firstDays) * DAY; to === undefined || reached > 0n; width *= GROWTH) {
    reached = reached > width ? reached - width : 0n;
    const from = fromMicroseconds(reached);
    yield to === undefined ? { from } : { from, to };
    to = from;
  }
}

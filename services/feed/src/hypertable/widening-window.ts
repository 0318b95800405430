import { type EventTime, fromMicroseconds, toMicroseconds } from '@activity-feed/contracts';

/** A time range; `to` is exclusive, and without it the range has no end. */
export interface TimeSlice {
  from: EventTime;
  to?: EventTime;
}

const DAY = 24n * 60n * 60n * 1_000_000n;
const GROWTH = 4n;

/**
 * Cuts the time before `start` into slices, newest first, each four times as wide as the previous one. The first begins
 * `firstDays` before `start` and has no end. Only a time condition excludes chunks, so a page is looked for in a narrow
 * range first.
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

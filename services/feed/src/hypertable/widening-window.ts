import { type EventTime, fromMicroseconds, type Microseconds, toMicroseconds } from '@activity-feed/contracts';
import { DAY } from '../activity/durations';

/** A time range; `to` is exclusive, and without it the range has no end. */
export interface TimeSlice {
  from: EventTime;
  to?: EventTime;
}

const GROWTH = 4;

/**
 * Cuts the time before `start` into slices, newest first, each four times as wide as the previous one. The first begins
 * `firstDays` before `start` and has no end. Only a time condition excludes chunks, so a page is looked for in a narrow
 * range first.
 */
export function* wideningSlices(start: EventTime, firstDays = 1): Generator<TimeSlice> {
  let to: EventTime | undefined;
  let reached = toMicroseconds(start);
  for (let width = firstDays * DAY; to === undefined || reached > 0; width *= GROWTH) {
    reached = Math.max(reached - width, 0) as Microseconds;
    const from = fromMicroseconds(reached);
    yield to === undefined ? { from } : { from, to };
    to = from;
  }
}

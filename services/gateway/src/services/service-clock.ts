import { type ClockReading, type Deadline, UNKNOWN_CLOCK } from '@activity-feed/contracts';

/** Milliseconds after which the clock is read again: clocks drift, and the last reading may have been slow. */
const REFRESH_AFTER = 10_000;
/** Milliseconds for which a reading is used. Two clocks that drift by 500 ppm then differ by 30 ms. */
const LIFE = 60_000;
/** Readings within this many milliseconds are merged into the best one: all commands in flight may return one. */
const TOGETHER = 1_000;
/** Maximum milliseconds of a reliable reading: deadlines are too early by the time that the reading took. */
const QUICK = 50;
/** Milliseconds between requests for a reading. */
const REQUEST_INTERVAL = 1_000;

interface Reading {
  /** Lower bound of the difference between the service's clock and this process's. */
  ahead: number;
  at: number;
  quick: boolean;
}

/**
 * Estimates the monotonic clock of one instance of a service. The service takes a reading before its answer arrives
 * here, so a deadline computed from the reading may be early, but never late. Of several readings the fastest is the
 * most accurate.
 */
export class ServiceClock {
  private instance = '';
  private readings: Reading[] = [];
  private askedAt = Number.NEGATIVE_INFINITY;

  /**
   * Converts `end` from this process's clock to the service's. Without a reading, with only slow ones, or when the last
   * is old, returns UNKNOWN_CLOCK, which the service answers with a reading.
   */
  deadline(end: number, now = performance.now()): Deadline {
    this.readings = this.readings.filter(({ at }) => now - at < LIFE);
    const newest = this.readings.at(-1);
    if (!newest) return UNKNOWN_CLOCK;
    const isDue = now - newest.at >= REFRESH_AFTER || !this.readings.some(({ quick }) => quick);
    if (isDue && now - this.askedAt >= REQUEST_INTERVAL) {
      this.askedAt = now;
      return UNKNOWN_CLOCK;
    }
    return { instance: this.instance, at: end + Math.max(...this.readings.map(({ ahead }) => ahead)) };
  }

  /** Adds a reading that arrived at `now` and was requested at `sentAt`. */
  learn({ instance, now: said }: ClockReading, now = performance.now(), sentAt = now): void {
    if (instance !== this.instance) this.readings = [];
    this.instance = instance;
    const quick = now - sentAt <= QUICK;
    const last = this.readings.at(-1);
    if (last && now - last.at < TOGETHER) {
      last.ahead = Math.max(last.ahead, said - now);
      last.quick ||= quick;
    } else this.readings.push({ ahead: said - now, at: now, quick });
  }
}

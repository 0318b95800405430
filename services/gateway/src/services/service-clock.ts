import { type ClockReading, type Deadline, UNKNOWN_CLOCK } from '@activity-feed/contracts';

/** Milliseconds after which the clock is read again: clocks drift, and an early reading may have come late. */
const REFRESH_AFTER = 10_000;
/** Milliseconds for which a reading counts; two clocks that drift apart by 500 ppm differ by 30 ms by then. */
const LIFE = 60_000;
/** Milliseconds within which several readings are kept as the best of them: all commands in flight may bring one. */
const TOGETHER = 1_000;
/** Milliseconds within which a reading must have come to be relied on: deadlines are too early by what it took. */
const QUICK = 50;
/** Milliseconds until a reading that was asked for is asked for again. */
const ASK_AGAIN = 1_000;

interface Reading {
  /** By how much the service's clock is ahead of this process's, at least. */
  ahead: number;
  at: number;
  quick: boolean;
}

/**
 * The monotonic clock of one instance of a service, as far as it is known here. What it said when it answered, it said
 * before the answer came: a deadline that is reckoned from there is never later than was meant, and of several readings
 * that which came quickest is the truest.
 */
export class ServiceClock {
  private instance = '';
  private readings: Reading[] = [];
  private askedAt = Number.NEGATIVE_INFINITY;

  /**
   * The moment `end` of this process's clock by the service's, no later. Without a reading, with slow ones only, or when
   * it is time for another, a deadline that the service answers with its clock.
   */
  deadline(end: number, now = performance.now()): Deadline {
    this.readings = this.readings.filter(({ at }) => now - at < LIFE);
    const newest = this.readings.at(-1);
    if (!newest) return UNKNOWN_CLOCK;
    const isDue = now - newest.at >= REFRESH_AFTER || !this.readings.some(({ quick }) => quick);
    if (isDue && now - this.askedAt >= ASK_AGAIN) {
      this.askedAt = now;
      return UNKNOWN_CLOCK;
    }
    return { instance: this.instance, at: end + Math.max(...this.readings.map(({ ahead }) => ahead)) };
  }

  /** Takes note of a reading that came in `now`, after it was asked for at `sentAt`. */
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

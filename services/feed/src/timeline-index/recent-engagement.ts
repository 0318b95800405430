import { OBJECT_TYPES, type ObjectType, type Verb } from '@activity-feed/contracts';
import { objectKey } from './object-tally';

export const HOUR = 3_600_000_000;
/** Hours that are kept besides the open one. */
const KEPT_HOURS = 3;

/** An object with what happened to it in each of the latest hours that had any. */
export interface RecentObject {
  /** A user's number. */
  readonly owner: number;
  readonly hours: readonly Readonly<HourCounts>[];
}

export interface HourCounts {
  /** Microseconds since 1970. */
  start: number;
  likes: number;
  shares: number;
}

/** The likes and shares of the latest hours, by object, as they come in: nothing finds the rows of an object. */
export class RecentEngagement {
  private readonly objects = new Map<number, { owner: number; hours: HourCounts[] }>();
  private latest = Number.NEGATIVE_INFINITY;
  private first = Number.NEGATIVE_INFINITY;

  /** `now` gives milliseconds since 1970. */
  constructor(private readonly now: () => number) {}

  /** Microseconds since 1970 from which on everything is here that the index was told. */
  get from(): number {
    const now = this.now() * 1_000;
    this.first = Math.max(this.first, now - (now % HOUR) - KEPT_HOURS * HOUR);
    return this.first;
  }

  /** `time` is in microseconds since 1970, `owner` a user's number. */
  add(verb: Verb, type: ObjectType, id: number, owner: number, time: number): void {
    // The clock is not asked for each of the millions that are loaded.
    if ((verb !== 'like' && verb !== 'share') || time < this.first || time < this.from) return;
    const start = time - (time % HOUR);
    if (start > this.latest) {
      this.latest = start;
      this.forgetBefore(this.from);
    }
    const counts = this.countsOf(objectKey(OBJECT_TYPES.indexOf(type), id), owner, start);
    if (verb === 'like') counts.likes++;
    else counts.shares++;
  }

  /** By objectKey. */
  get(key: number): RecentObject | undefined {
    return this.objects.get(key);
  }

  forEach(each: (object: RecentObject, key: number) => void): void {
    this.objects.forEach(each);
  }

  private countsOf(key: number, owner: number, start: number): HourCounts {
    let object = this.objects.get(key);
    if (!object) {
      object = { owner, hours: [] };
      this.objects.set(key, object);
    }
    const known = object.hours.find((hour) => hour.start === start);
    if (known) return known;
    const counts = { start, likes: 0, shares: 0 };
    object.hours.push(counts);
    return counts;
  }

  private forgetBefore(from: number): void {
    for (const [key, object] of this.objects) {
      if (object.hours.some(({ start }) => start < from))
        object.hours = object.hours.filter(({ start }) => start >= from);
      if (object.hours.length === 0) this.objects.delete(key);
    }
  }
}

import { OBJECT_TYPES, type ObjectType, type Verb } from '@activity-feed/contracts';
import { type ObjectCounts, objectKey } from './object-tally';

export const HOUR = 3_600_000_000;
/** Hours that are kept besides the open one. */
export const KEPT_HOURS = 3;

/** An object with what happened to it in the latest hours, in all of them and in each that had any. */
export interface RecentObject extends Readonly<ObjectCounts> {
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
  private readonly objects = new Map<number, ObjectCounts & { hours: HourCounts[] }>();
  private forgottenUntil = Number.NEGATIVE_INFINITY;
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
    if ((verb !== 'like' && verb !== 'share') || time < this.first) return;
    const { from } = this;
    if (time < from) return;
    if (from > this.forgottenUntil) {
      this.forgottenUntil = from;
      this.forgetBefore(from);
    }
    const object = this.objectOf(objectKey(OBJECT_TYPES.indexOf(type), id), owner);
    const key = verb === 'like' ? 'likes' : 'shares';
    object[key]++;
    hourOf(object.hours, time - (time % HOUR))[key]++;
  }

  /** By objectKey. */
  get(key: number): RecentObject | undefined {
    return this.objects.get(key);
  }

  forEach(each: (object: RecentObject, key: number) => void): void {
    this.objects.forEach(each);
  }

  private objectOf(key: number, owner: number) {
    const known = this.objects.get(key);
    if (known) return known;
    const object = { owner, likes: 0, shares: 0, hours: [] };
    this.objects.set(key, object);
    return object;
  }

  private forgetBefore(from: number): void {
    for (const [key, object] of this.objects) {
      if (object.hours.every(({ start }) => start >= from)) continue;
      object.hours = object.hours.filter(({ start }) => start >= from);
      object.likes = object.hours.reduce((sum, { likes }) => sum + likes, 0);
      object.shares = object.hours.reduce((sum, { shares }) => sum + shares, 0);
      if (object.hours.length === 0) this.objects.delete(key);
    }
  }
}

function hourOf(hours: HourCounts[], start: number): HourCounts {
  const known = hours.find((hour) => hour.start === start);
  if (known) return known;
  const counts = { start, likes: 0, shares: 0 };
  hours.push(counts);
  return counts;
}

import { OBJECT_TYPES, type ObjectType, type Verb } from '@activity-feed/contracts';
import { type ObjectCounts, objectKey } from './object-tally';

export const HOUR = 3_600_000_000;
/** Hours that are kept besides the open one. */
const KEPT_HOURS = 3;

/** The likes and shares of the latest hours, by object, as they come in: nothing finds the rows of an object. */
export class RecentEngagement {
  private readonly hours = new Map<number, Map<number, ObjectCounts>>();

  /** `now` gives milliseconds since 1970. */
  constructor(private readonly now: () => number) {}

  /** Microseconds since 1970 from which on everything is here that the index was told. */
  get from(): number {
    const now = this.now() * 1_000;
    return now - (now % HOUR) - KEPT_HOURS * HOUR;
  }

  /** `time` is in microseconds since 1970, `owner` a user's number. */
  add(verb: Verb, type: ObjectType, id: number, owner: number, time: number): void {
    if ((verb !== 'like' && verb !== 'share') || time < this.from) return;
    const hour = this.hourOf(time - (time % HOUR));
    const key = objectKey(OBJECT_TYPES.indexOf(type), id);
    let counts = hour.get(key);
    if (!counts) {
      counts = { likes: 0, shares: 0, owner };
      hour.set(key, counts);
    }
    if (verb === 'like') counts.likes++;
    else counts.shares++;
  }

  /** Each hour from `from` (microseconds since 1970) on, by its start, with what happened to objects in it. */
  *since(from: number): Generator<[start: number, objects: ReadonlyMap<number, Readonly<ObjectCounts>>]> {
    for (const [start, objects] of this.hours) if (start >= from) yield [start, objects];
  }

  private hourOf(start: number): Map<number, ObjectCounts> {
    const known = this.hours.get(start);
    if (known) return known;
    const oldest = this.from;
    for (const other of this.hours.keys()) if (other < oldest) this.hours.delete(other);
    const hour = new Map<number, ObjectCounts>();
    this.hours.set(start, hour);
    return hour;
  }
}

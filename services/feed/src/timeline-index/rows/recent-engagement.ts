import { ENGAGEMENTS, type ObjectType, objectTypeCode, type Verb } from '@activity-feed/contracts';
import { objectKey } from '../../activity/object-key';
import { addCounts, type ObjectCounts } from './object-slots';
import { ObjectTable } from './object-table';

export const HOUR = 3_600_000_000;
/** Hours that are kept besides the open one. */
export const KEPT_HOURS = 3;

/** Slots of an hour that has left which are taken out of the sums with each like or share that comes. */
const SLOTS_PER_ADD = 64;

/** The place in ENGAGEMENTS of each verb that counts. */
const PLACES: Partial<Record<Verb, number>> = Object.fromEntries(ENGAGEMENTS.map(({ verb }, place) => [verb, place]));

/** An object with what happened to it in the latest hours, in all of them and in each that had any. */
export interface RecentObject extends Readonly<ObjectCounts> {
  /** The latest first. */
  readonly hours: readonly Readonly<HourCounts>[];
}

export interface HourCounts {
  /** Microseconds since 1970. */
  start: number;
  /** By their places in ENGAGEMENTS. */
  counts: readonly number[];
}

/** The likes and shares of the latest hours, by object, as they come in: nothing finds the rows of an object. */
export class RecentEngagement {
  /** By their starts, microseconds since 1970, the latest first. An hour that is over leaves as a whole. */
  private hours: { start: number; objects: ObjectTable }[] = [];
  /** Of all hours together, and for a while of those that have left. */
  private readonly all = new ObjectTable();
  /** Hours to be taken out of `all`, and how many slots of the first one have been. */
  private leaving: ObjectTable[] = [];
  private taken = 0;
  private first = Number.NEGATIVE_INFINITY;

  /** `now` gives milliseconds since 1970. */
  constructor(private readonly now: () => number) {}

  /** Microseconds since 1970 from which on everything is here that the index was told. */
  get from(): number {
    const now = this.now() * 1_000;
    const from = now - (now % HOUR) - KEPT_HOURS * HOUR;
    if (from > this.first) {
      this.first = from;
      const { kept = [], over = [] } = Object.groupBy(this.hours, ({ start }) => (start >= from ? 'kept' : 'over'));
      this.hours = kept;
      this.leaving.push(...over.map(({ objects }) => objects));
    }
    return this.first;
  }

  /** What all of it takes outside of the heap. */
  get bytes(): number {
    const tables = [this.all, ...this.leaving, ...this.hours.map(({ objects }) => objects)];
    return tables.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** Counts an activity if its verb counts. `time` is in microseconds since 1970, `owner` a user's number. */
  add(verb: Verb, type: ObjectType, id: number, owner: number, time: number): void {
    const place = PLACES[verb];
    // The clock is not asked for each of the millions that are loaded.
    if (place === undefined || time < this.first || time < this.from) return;
    const key = objectKey(objectTypeCode(type), id);
    this.hourOf(time - (time % HOUR)).add(key, owner, place);
    this.all.add(key, owner, place);
    this.takeOut();
  }

  /** By objectKey. */
  get(key: number): RecentObject | undefined {
    let found: (ObjectCounts & { hours: HourCounts[] }) | undefined;
    for (const { start, objects } of this.hours) {
      const object = objects.get(key);
      if (!object) continue;
      const { owner, counts } = object;
      found ??= { owner, counts: ENGAGEMENTS.map(() => 0), hours: [] };
      addCounts(found.counts, counts);
      found.hours.push({ start, counts });
    }
    return found;
  }

  /** Gives each object once, with its likes and shares of all hours at least: some may have left since. */
  forEach(each: (key: number, counts: readonly number[]) => void): void {
    this.all.forEach(each);
  }

  /** Takes a little of an hour that has left out of the sums: all at once would keep reads waiting. */
  private takeOut(): void {
    const [table] = this.leaving;
    if (!table) return;
    const to = Math.min(this.taken + SLOTS_PER_ADD, table.slots);
    table.forSlots(this.taken, to, (key, counts) => this.all.subtract(key, counts));
    this.taken = to;
    if (to < table.slots) return;
    this.taken = 0;
    this.leaving.shift();
    this.all.shrink();
  }

  private hourOf(start: number): ObjectTable {
    const known = this.hours.find((hour) => hour.start === start);
    if (known) return known.objects;
    const objects = new ObjectTable();
    this.hours.push({ start, objects });
    this.hours.sort((a, b) => b.start - a.start);
    return objects;
  }
}

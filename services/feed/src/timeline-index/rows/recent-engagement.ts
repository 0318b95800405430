import {
  ENGAGEMENTS,
  fromMilliseconds,
  type Microseconds,
  type Milliseconds,
  type ObjectType,
  objectTypeCode,
  type Verb,
} from '@activity-feed/contracts';
import { HOUR } from '../../activity/durations';
import { objectKey } from '../../activity/object-key';
import { addCounts, type ObjectCounts } from './object-slots';
import { ObjectTable } from './object-table';

/** Hours kept in addition to the open one. */
export const KEPT_HOURS = 3;

/** Slots of an expired hour that each added activity subtracts from the sums. */
const SLOTS_PER_ADD = 64;

const PLACES: Partial<Record<Verb, number>> = Object.fromEntries(ENGAGEMENTS.map(({ verb }, place) => [verb, place]));

/** An object's counts in the kept hours: in total and by hour. */
export interface RecentObject extends Readonly<ObjectCounts> {
  /** Latest first. */
  readonly hours: readonly Readonly<HourCounts>[];
}

export interface HourCounts {
  start: Microseconds;
  /** One count per entry of ENGAGEMENTS. */
  counts: readonly number[];
}

/** Likes, shares and comments of the latest hours by object, counted as they arrive: rows cannot be found by object. */
export class RecentEngagement {
  /** Latest first. An expired hour is removed as a whole. */
  private hours: { start: Microseconds; objects: ObjectTable }[] = [];
  /** Sums of all hours; expired hours are subtracted step by step. */
  private readonly all = new ObjectTable();
  /** Hours yet to be subtracted from `all`, and the number of slots of the first one that have been. */
  private expired: ObjectTable[] = [];
  private subtracted = 0;
  private first = Number.NEGATIVE_INFINITY as Microseconds;

  constructor(
    private readonly now: () => Milliseconds,
    /** Objects that readers skip. */
    private readonly pending: ReadonlySet<number> = new Set(),
  ) {}

  /** Start of the first kept hour. */
  get from(): Microseconds {
    const now = fromMilliseconds(this.now());
    const from = (now - (now % HOUR) - KEPT_HOURS * HOUR) as Microseconds;
    if (from > this.first) {
      this.first = from;
      const { kept = [], over = [] } = Object.groupBy(this.hours, ({ start }) => (start >= from ? 'kept' : 'over'));
      this.hours = kept;
      this.expired.push(...over.map(({ objects }) => objects));
    }
    return this.first;
  }

  /** Bytes outside the JavaScript heap. */
  get bytes(): number {
    const tables = [this.all, ...this.expired, ...this.hours.map(({ objects }) => objects)];
    return tables.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** Counts an activity if its verb is an engagement. `owner` is a user number. */
  add(verb: Verb, type: ObjectType, id: number, owner: number, time: Microseconds): void {
    const place = PLACES[verb];
    // The first comparison spares reading the clock for most of the millions of loaded activities.
    if (place === undefined || time < this.first || time < this.from) return;
    const key = objectKey(objectTypeCode(type), id);
    this.hourOf((time - (time % HOUR)) as Microseconds).add(key, owner, place);
    this.all.add(key, owner, place);
    this.subtractExpired();
  }

  /** Takes back what {@link add} counted. */
  remove(verb: Verb, type: ObjectType, id: number, time: Microseconds): void {
    const place = PLACES[verb];
    // The counts of earlier hours are subtracted with their table.
    if (place === undefined || time < this.from) return;
    const key = objectKey(objectTypeCode(type), id);
    const counts = ENGAGEMENTS.map((_, index) => (index === place ? 1 : 0));
    this.hourOf((time - (time % HOUR)) as Microseconds).subtract(key, counts);
    this.all.subtract(key, counts);
  }

  get(key: number): RecentObject | undefined {
    if (this.pending.has(key)) return undefined;
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

  /** Visits each object once. The counts may still include expired hours. */
  forEach(each: (key: number, counts: readonly number[]) => void): void {
    this.all.forEach((key, counts) => {
      if (!this.pending.has(key)) each(key, counts);
    });
  }

  /** Subtracts a part of an expired hour: a whole hour in one call would delay reads. */
  private subtractExpired(): void {
    const [table] = this.expired;
    if (!table) return;
    const to = Math.min(this.subtracted + SLOTS_PER_ADD, table.slots);
    table.forSlots(this.subtracted, to, (key, counts) => this.all.subtract(key, counts));
    this.subtracted = to;
    if (to < table.slots) return;
    this.subtracted = 0;
    this.expired.shift();
    this.all.shrink();
  }

  private hourOf(start: Microseconds): ObjectTable {
    const known = this.hours.find((hour) => hour.start === start);
    if (known) return known.objects;
    const objects = new ObjectTable();
    this.hours.push({ start, objects });
    this.hours.sort((a, b) => b.start - a.start);
    return objects;
  }
}

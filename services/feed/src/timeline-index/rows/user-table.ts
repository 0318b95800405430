import {
  fromMilliseconds,
  type Microseconds,
  type Source,
  WRITE_SERVICES,
  type WriteService,
} from '@activity-feed/contracts';
import type { Row } from './activity-rows';
import { NameSlots } from './name-slots';

/** Resolution of the column of newest times: its 32 bits span more than two years. */
const TICK = fromMilliseconds(16);
const OLDEST_TICK = -(2 ** 31);
const NEWEST_TICK = 2 ** 31 - 1;
const FIRST_CAPACITY = 1024;
const EMPTY = 0;

type RareSource = Exclude<Source, WriteService>;

const isRare = (source: Source): source is RareSource => !(WRITE_SERVICES as readonly Source[]).includes(source);

/**
 * All users, numbered in order of first appearance, so that users who are active at the same time are close in memory.
 * About 70 bytes each.
 */
export class UserTable {
  /**
   * Ticks of each user's newest activity, to find the most recently active of many users without reading their rows.
   * Coarse: equal ticks imply no order.
   */
  newestTicks = new Int32Array(FIRST_CAPACITY);
  readonly names = new NameSlots();
  private ids = new Int32Array(FIRST_CAPACITY);
  private heads = new Uint32Array(FIRST_CAPACITY);
  /** Rows added to each list since it was last empty, less those taken off its head. */
  private lengths = new Uint32Array(FIRST_CAPACITY);
  /** The newest row that concerns each user, and whether there is one. */
  private targetHeads = new Uint32Array(FIRST_CAPACITY);
  private hasTargetHead = new Uint8Array(FIRST_CAPACITY);
  private versions = WRITE_SERVICES.map(() => new Uint32Array(FIRST_CAPACITY));
  /** Of the sources that few users have events from. */
  private readonly rareVersions: Record<RareSource, Map<number, number>> = {
    'social-graph-private': new Map(),
    'activity-marks': new Map(),
  };
  /** An open hash table from ids to numbers + 1. */
  private slots = new Int32Array(2 * FIRST_CAPACITY);
  private used = 0;
  /** The time of tick 0, chosen so that ticks distinguish times from 198 days before the start to 596 days after. */
  private readonly epoch = Math.floor(fromMilliseconds(Date.now()) / TICK) + 2 ** 30;

  get count(): number {
    return this.used;
  }

  /** The number of user `id`; undefined if the user is unknown. */
  find(id: number): number | undefined {
    const found = this.slots[this.slotOf(id)] as number;
    return found === EMPTY ? undefined : found - 1;
  }

  /** The number of user `id`; assigns one to a new user. */
  number(id: number): number {
    const slot = this.slotOf(id);
    const found = this.slots[slot] as number;
    if (found !== EMPTY) return found - 1;
    if (this.used === this.ids.length) this.growColumns();
    const number = this.used++;
    this.ids[number] = id;
    this.newestTicks[number] = OLDEST_TICK;
    this.slots[slot] = number + 1;
    if (this.used * 2 > this.slots.length) this.growSlots();
    return number;
  }

  idOf(user: number): number {
    return this.ids[user] as number;
  }

  head(user: number): Row {
    return this.heads[user] as number;
  }

  isEmpty(user: number): boolean {
    return this.lengths[user] === 0;
  }

  lengthOf(user: number): number {
    return this.lengths[user] as number;
  }

  /** Counts a row added to the user's list; `head` if it is the newest. */
  grow(user: number, head?: { row: Row; time: Microseconds }): void {
    this.lengths[user] = (this.lengths[user] as number) + 1;
    if (!head) return;
    this.heads[user] = head.row;
    this.newestTicks[user] = this.tickOf(head.time);
  }

  /** Notes that the newest row was taken out of the user's list, and which one follows. */
  shrink(user: number, head: { row: Row; time: Microseconds }): void {
    this.lengths[user] = (this.lengths[user] as number) - 1;
    this.heads[user] = head.row;
    this.newestTicks[user] = this.tickOf(head.time);
  }

  empty(user: number): void {
    this.lengths[user] = 0;
    this.newestTicks[user] = OLDEST_TICK;
  }

  /** Undefined if no row in memory concerns the user. */
  targetHead(user: number): Row | undefined {
    return this.hasTargetHead[user] === 1 ? this.targetHeads[user] : undefined;
  }

  setTargetHead(user: number, row: Row | undefined): void {
    this.hasTargetHead[user] = row === undefined ? 0 : 1;
    this.targetHeads[user] = row ?? 0;
  }

  /** The highest applied version of the user's stream at `source`; 0 if there is none. */
  versionOf(user: number, source: Source): number {
    if (isRare(source)) return this.rareVersions[source].get(user) ?? 0;
    return this.columnOf(source)[user] as number;
  }

  setVersion(user: number, source: Source, version: number): void {
    if (isRare(source)) this.rareVersions[source].set(user, version);
    else this.columnOf(source)[user] = version;
  }

  private columnOf(source: WriteService): Uint32Array {
    return this.versions[WRITE_SERVICES.indexOf(source)] as Uint32Array;
  }

  /** The value of {@link newestTicks} for a time. */
  tickOf(time: Microseconds): number {
    const tick = Math.floor(time / TICK) - this.epoch;
    return Math.min(Math.max(tick, OLDEST_TICK + 1), NEWEST_TICK);
  }

  /** Activities of users whose newest tick is less are older than this. */
  timeOfTick(tick: number): Microseconds {
    const hasOlder = tick > OLDEST_TICK + 1;
    return (hasOlder ? (tick + this.epoch) * TICK : Number.NEGATIVE_INFINITY) as Microseconds;
  }

  /** The slot of `id`, or the free slot for it. */
  private slotOf(id: number): number {
    const mask = this.slots.length - 1;
    // Multiplicative hashing (Knuth, TAOCP 6.4).
    let slot = (Math.imul(id, 0x9e3779b1) >>> 0) & mask;
    for (;;) {
      const found = this.slots[slot] as number;
      if (found === EMPTY || this.ids[found - 1] === id) return slot;
      slot = (slot + 1) & mask;
    }
  }

  private growSlots(): void {
    this.slots = new Int32Array(2 * this.slots.length);
    for (let user = 0; user < this.used; user++) this.slots[this.slotOf(this.ids[user] as number)] = user + 1;
  }

  private growColumns(): void {
    const length = Math.ceil(this.ids.length * 1.25);
    const grown = <Column extends Int32Array | Uint32Array | Uint8Array>(column: Column, longer: Column): Column => {
      longer.set(column);
      return longer;
    };
    this.ids = grown(this.ids, new Int32Array(length));
    this.newestTicks = grown(this.newestTicks, new Int32Array(length));
    this.heads = grown(this.heads, new Uint32Array(length));
    this.lengths = grown(this.lengths, new Uint32Array(length));
    this.targetHeads = grown(this.targetHeads, new Uint32Array(length));
    this.hasTargetHead = grown(this.hasTargetHead, new Uint8Array(length));
    this.versions = this.versions.map((column) => grown(column, new Uint32Array(length)));
  }
}

import type { Milliseconds } from '@activity-feed/contracts';
import type { HidingKind } from '../../activity/effects';

/** How a user is hidden from another, as bits. */
export const BLOCKS = 1;
export const BLOCKED_BY = 2;
export const MUTES = 4;
export const MUTES_SHARES = 8;

const BITS: Record<HidingKind, number> = { block: BLOCKS, mute: MUTES, 'mute-shares': MUTES_SHARES };

/** A power of two, as all capacities are. */
const FIRST_CAPACITY = 4;
const NOBODY = 0xffff_ffff;
/** Multiplying by it spreads neighbouring numbers over all bits; see Knuth, TAOCP, section 6.4. */
const GOLDEN_RATIO = 0x9e37_79b1;

/** An edge from a user to another, by user numbers. */
export interface HiddenEdge {
  user: number;
  other: number;
  kind: HidingKind;
  /** Undefined if it has no end. */
  until?: Milliseconds | undefined;
}

/**
 * Who is hidden from whom: a list for each user who blocks, is blocked or mutes. 10 to 30 bytes for each direction, and two
 * hundred for each such user; a mute that ends takes about a hundred more.
 */
export class HiddenUsers {
  private readonly lists = new Map<number, HiddenList>();

  /** Undefined if nobody is hidden from `user`, as for most. */
  of(user: number): HiddenList | undefined {
    return this.lists.get(user);
  }

  set({ user, other, kind, until }: HiddenEdge, holds: boolean): void {
    const bit = BITS[kind];
    this.change(user, other, bit, holds, until);
    // A block hides both from each other.
    if (bit === BLOCKS) this.change(other, user, BLOCKED_BY, holds);
  }

  /** Replaces all edges that begin at `user`. */
  replace(user: number, edges: readonly HiddenEdge[]): void {
    for (const [other, bits] of this.lists.get(user)?.entries() ?? []) {
      for (const kind of Object.keys(BITS) as HidingKind[]) {
        if ((bits & BITS[kind]) !== 0) this.set({ user, other, kind }, false);
      }
    }
    for (const edge of edges) this.set(edge, true);
  }

  private change(user: number, other: number, bit: number, holds: boolean, until?: Milliseconds): void {
    const list = this.lists.get(user) ?? new HiddenList();
    list.change(other, bit, holds, until);
    if (list.isEmpty) this.lists.delete(user);
    else this.lists.set(user, list);
  }
}

/** Whom a user blocks, is blocked by or mutes: a hash table with open addressing, of which at most half is used. */
export class HiddenList {
  /** A user, or NOBODY in an unused slot. */
  private others = new Uint32Array(FIRST_CAPACITY).fill(NOBODY);
  /** 0 of a user who is no longer hidden, until the table is built again. */
  private bits = new Uint8Array(FIRST_CAPACITY);
  private used = 0;
  private count = 0;
  /** When mutes end, by {@link nameOf}. */
  private ends: Map<string, Milliseconds> | undefined;

  /** For an answer that takes several turns: all of it must show the same. */
  copy(): HiddenList {
    const copy = new HiddenList();
    copy.others = this.others.slice();
    copy.bits = this.bits.slice();
    [copy.used, copy.count] = [this.used, this.count];
    copy.ends = this.ends && new Map(this.ends);
    return copy;
  }

  get isEmpty(): boolean {
    return this.count === 0;
  }

  /** The bits of `other` that are in `mask`, without those of mutes that have ended at `now`. */
  bitsOf(other: number, mask: number, now: Milliseconds): number {
    const bits = (this.bits[this.slotOf(other)] as number) & mask;
    return this.ends && bits !== 0 ? this.withoutEnded(other, bits, now) : bits;
  }

  /** The users with any of the bits in `mask`, ascending. */
  withAny(mask: number, now: Milliseconds): number[] {
    return this.entries()
      .flatMap(([other, bits]) =>
        (bits & mask) !== 0 && this.withoutEnded(other, bits & mask, now) !== 0 ? other : [],
      )
      .sort((a, b) => a - b);
  }

  /** When the first mute ends after `now`; infinity if none does. */
  nextEnd(now: Milliseconds): Milliseconds {
    const later = Array.from(this.ends?.values() ?? []).filter((end) => end > now);
    return Math.min(...later);
  }

  /** Whether a mute has ended by itself after `since`, until `now`. */
  hasEnded(since: Milliseconds, now: Milliseconds): boolean {
    return Array.from(this.ends?.values() ?? []).some((end) => end > since && end <= now);
  }

  /** Copies, in no order: the list may change meanwhile. */
  entries(): [other: number, bits: number][] {
    const entries: [number, number][] = [];
    for (const [slot, bits] of this.bits.entries()) {
      if (bits !== 0) entries.push([this.others[slot] as number, bits]);
    }
    return entries;
  }

  change(other: number, bit: number, holds: boolean, until: Milliseconds | undefined): void {
    const name = nameOf(other, bit);
    if (holds && until !== undefined) this.ends = (this.ends ?? new Map()).set(name, until);
    else this.ends?.delete(name);
    const slot = this.slotOf(other);
    const before = this.bits[slot] as number;
    const bits = holds ? before | bit : before & ~bit;
    this.count += Number(bits !== 0) - Number(before !== 0);
    this.bits[slot] = bits;
    if (bits === 0 || this.others[slot] === other) return;
    this.others[slot] = other;
    this.used++;
    if (2 * this.used > this.others.length) this.build();
  }

  private withoutEnded(other: number, bits: number, now: Milliseconds): number {
    let left = bits;
    for (const bit of [MUTES, MUTES_SHARES]) {
      const end = (left & bit) !== 0 ? this.ends?.get(nameOf(other, bit)) : undefined;
      if (end !== undefined && end <= now) left &= ~bit;
    }
    return left;
  }

  /** The slot of `other`, or an unused one where it belongs. */
  private slotOf(other: number): number {
    const last = this.others.length - 1;
    let slot = (Math.imul(other, GOLDEN_RATIO) >>> 8) & last;
    while (this.others[slot] !== other && this.others[slot] !== NOBODY) slot = (slot + 1) & last;
    return slot;
  }

  /** Builds the table again for the users who are hidden now, with room for half as many more at least. */
  private build(): void {
    const entries = this.entries();
    let capacity = FIRST_CAPACITY;
    while (capacity < 3 * entries.length) capacity *= 2;
    this.others = new Uint32Array(capacity).fill(NOBODY);
    this.bits = new Uint8Array(capacity);
    this.used = entries.length;
    for (const [other, bits] of entries) {
      const slot = this.slotOf(other);
      this.others[slot] = other;
      this.bits[slot] = bits;
    }
  }
}

const nameOf = (other: number, bit: number) => `${other} ${bit}`;

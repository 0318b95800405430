import type { Milliseconds } from '@activity-feed/contracts';
import type { HidingKind } from '../../activity/effects';

/** How a user is hidden from another, as bits. */
export const BLOCKS = 1;
export const BLOCKED_BY = 2;
export const MUTES = 4;
export const MUTES_SHARES = 8;

const BITS: Record<HidingKind, number> = { block: BLOCKS, mute: MUTES, 'mute-shares': MUTES_SHARES };

const FIRST_CAPACITY = 4;

/** An edge from a user to another, by user numbers. */
export interface HiddenEdge {
  user: number;
  other: number;
  kind: HidingKind;
  /** Undefined if it has no end. */
  until?: Milliseconds | undefined;
}

/**
 * Who is hidden from whom: an ascending list for each user who blocks, is blocked or mutes. About 10 bytes for each
 * direction, and a hundred for each such user; a mute that ends takes about a hundred more.
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

/** Whom a user blocks, is blocked by or mutes. */
export class HiddenList {
  /** Ascending. */
  private others = new Uint32Array(FIRST_CAPACITY);
  private bits = new Uint8Array(FIRST_CAPACITY);
  private count = 0;
  /** When mutes end, by {@link nameOf}. */
  private ends: Map<string, Milliseconds> | undefined;

  /** For an answer that takes several turns: all of it must show the same. */
  copy(): HiddenList {
    const copy = new HiddenList();
    copy.others = this.others.slice();
    copy.bits = this.bits.slice();
    copy.count = this.count;
    copy.ends = this.ends && new Map(this.ends);
    return copy;
  }

  get isEmpty(): boolean {
    return this.count === 0;
  }

  /** The bits of `other` that are in `mask`, without those of mutes that have ended at `now`. */
  bitsOf(other: number, mask: number, now: Milliseconds): number {
    const place = this.placeOf(other);
    const bits = place < this.count && this.others[place] === other ? (this.bits[place] as number) & mask : 0;
    return this.ends && bits !== 0 ? this.withoutEnded(other, bits, now) : bits;
  }

  /** The users with any of the bits in `mask`, ascending. */
  withAny(mask: number, now: Milliseconds): number[] {
    return [...this.entries()].flatMap(([other, bits]) =>
      (bits & mask) !== 0 && this.withoutEnded(other, bits & mask, now) !== 0 ? other : [],
    );
  }

  /** When the first mute ends after `now`; infinity if none does. */
  nextEnd(now: Milliseconds): Milliseconds {
    const later = Array.from(this.ends?.values() ?? []).filter((end) => end > now);
    return Math.min(...later);
  }

  /** Copies: the list may change meanwhile. */
  entries(): [other: number, bits: number][] {
    return Array.from({ length: this.count }, (_, place) => [this.others[place] as number, this.bits[place] as number]);
  }

  change(other: number, bit: number, holds: boolean, until: Milliseconds | undefined): void {
    const name = nameOf(other, bit);
    if (holds && until !== undefined) this.ends = (this.ends ?? new Map()).set(name, until);
    else this.ends?.delete(name);
    const place = this.placeOf(other);
    const isKnown = place < this.count && this.others[place] === other;
    if (isKnown) {
      const bits = this.bits[place] as number;
      this.bits[place] = holds ? bits | bit : bits & ~bit;
      if (this.bits[place] === 0) this.remove(place);
    } else if (holds) this.insert(place, other, bit);
  }

  private withoutEnded(other: number, bits: number, now: Milliseconds): number {
    let left = bits;
    for (const bit of [MUTES, MUTES_SHARES]) {
      const end = (left & bit) !== 0 ? this.ends?.get(nameOf(other, bit)) : undefined;
      if (end !== undefined && end <= now) left &= ~bit;
    }
    return left;
  }

  private placeOf(other: number): number {
    let [from, to] = [0, this.count];
    while (from < to) {
      const middle = (from + to) >>> 1;
      if ((this.others[middle] as number) < other) from = middle + 1;
      else to = middle;
    }
    return from;
  }

  private insert(place: number, other: number, bits: number): void {
    if (this.count === this.others.length) this.grow();
    this.others.copyWithin(place + 1, place, this.count);
    this.bits.copyWithin(place + 1, place, this.count);
    this.others[place] = other;
    this.bits[place] = bits;
    this.count++;
  }

  private remove(place: number): void {
    this.others.copyWithin(place, place + 1, this.count);
    this.bits.copyWithin(place, place + 1, this.count);
    this.count--;
  }

  private grow(): void {
    const others = new Uint32Array(2 * this.others.length);
    others.set(this.others);
    this.others = others;
    const bits = new Uint8Array(2 * this.bits.length);
    bits.set(this.bits);
    this.bits = bits;
  }
}

const nameOf = (other: number, bit: number) => `${other} ${bit}`;

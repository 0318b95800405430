import { ENGAGEMENTS } from '@activity-feed/contracts';

const EMPTY = 0;

/** Multiplicative hash (Knuth, TAOCP 6.4) of both halves of a key. */
export function hashOf(key: number): number {
  const hash = Math.imul((key | 0) ^ Math.imul(key / 2 ** 32, 0x85ebca6b), 0x9e3779b1);
  return hash ^ (hash >>> 15);
}

/** An object's counts and its owner's user number. */
export interface ObjectCounts {
  /** One count per entry of ENGAGEMENTS. */
  readonly counts: number[];
  readonly owner: number;
}

export function addCounts(sums: number[], counts: readonly number[]): void {
  for (let place = 0; place < sums.length; place++) sums[place] = (sums[place] as number) + (counts[place] as number);
}

/** Slots of an open hash table with linear probing, in typed arrays: 12 bytes each and 4 per count. */
export class ObjectSlots {
  readonly keys: Float64Array;
  readonly owners: Int32Array;
  readonly counts: readonly Uint32Array[];

  /** `length` is a power of two. */
  constructor(readonly length: number) {
    this.keys = new Float64Array(length);
    this.owners = new Int32Array(length);
    this.counts = ENGAGEMENTS.map(() => new Uint32Array(length));
  }

  get bytes(): number {
    return [this.keys, this.owners, ...this.counts].reduce((sum, { byteLength }) => sum + byteLength, 0);
  }

  /** The slot of `key`, or the free slot for it. */
  slotOf(key: number, hash: number): number {
    const { keys } = this;
    const mask = keys.length - 1;
    let slot = hash & mask;
    for (;;) {
      const found = keys[slot];
      if (found === EMPTY || found === key) return slot;
      slot = (slot + 1) & mask;
    }
  }

  isFree(slot: number): boolean {
    return this.keys[slot] === EMPTY;
  }

  isCounted(slot: number): boolean {
    for (const column of this.counts) if ((column[slot] as number) > 0) return true;
    return false;
  }

  countsOf(slot: number): number[] {
    return this.counts.map((column) => column[slot] as number);
  }

  /** Copies an object from a slot of another table that this table does not contain. */
  take({ keys, owners, counts }: ObjectSlots, from: number): void {
    const key = keys[from] as number;
    const to = this.slotOf(key, hashOf(key));
    this.keys[to] = key;
    this.owners[to] = owners[from] as number;
    for (const [place, column] of this.counts.entries()) column[to] = counts[place]?.[from] as number;
  }
}

/** No object's key. */
const EMPTY = 0;

/** Multiplicative (Knuth, TAOCP 6.4), of both halves of a key. */
export function hashOf(key: number): number {
  const hash = Math.imul((key | 0) ^ Math.imul(key / 2 ** 32, 0x85ebca6b), 0x9e3779b1);
  return hash ^ (hash >>> 15);
}

/** Slots of an open hash table with linear probing, in typed arrays: 20 bytes each. Their number is a power of two. */
export class ObjectSlots {
  readonly keys: Float64Array;
  readonly owners: Int32Array;
  readonly likes: Uint32Array;
  readonly shares: Uint32Array;

  constructor(readonly length: number) {
    this.keys = new Float64Array(length);
    this.owners = new Int32Array(length);
    this.likes = new Uint32Array(length);
    this.shares = new Uint32Array(length);
  }

  get bytes(): number {
    const { keys, owners, likes, shares } = this;
    return keys.byteLength + owners.byteLength + likes.byteLength + shares.byteLength;
  }

  /** Where `key` is, or would be. */
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

  /** False for an object of which nothing is left. */
  isCounted(slot: number): boolean {
    return (this.likes[slot] as number) + (this.shares[slot] as number) > 0;
  }

  /** Copies an object that is not here from a slot of another table. */
  take({ keys, owners, likes, shares }: ObjectSlots, from: number): void {
    const key = keys[from] as number;
    const to = this.slotOf(key, hashOf(key));
    this.keys[to] = key;
    this.owners[to] = owners[from] as number;
    this.likes[to] = likes[from] as number;
    this.shares[to] = shares[from] as number;
  }
}

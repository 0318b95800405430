import type { ObjectCounts } from './object-tally';

const FIRST_SLOTS = 16;
/** No object's key. */
const EMPTY = 0;

/** Multiplicative (Knuth, TAOCP 6.4), of both halves of a key. */
function hashOf(key: number): number {
  const hash = Math.imul((key | 0) ^ Math.imul(key / 2 ** 32, 0x85ebca6b), 0x9e3779b1);
  return hash ^ (hash >>> 15);
}

/**
 * How objects did in some time, by objectKey: an open hash table in typed arrays, which the garbage collector does not
 * walk. 20 bytes a slot, of which two to six eighths are taken.
 */
export class ObjectTable {
  private keys = new Float64Array(FIRST_SLOTS);
  private owners = new Int32Array(FIRST_SLOTS);
  private likes = new Uint32Array(FIRST_SLOTS);
  private shares = new Uint32Array(FIRST_SLOTS);
  private used = 0;

  get slots(): number {
    return this.keys.length;
  }

  /** What the table takes outside of the heap. */
  get bytes(): number {
    return [this.keys, this.owners, this.likes, this.shares].reduce((sum, { byteLength }) => sum + byteLength, 0);
  }

  add(key: number, owner: number, what: 'likes' | 'shares'): void {
    const hash = hashOf(key);
    let slot = this.slotOf(key, hash);
    if (this.keys[slot] === EMPTY) {
      if (8 * this.used >= 6 * this.keys.length) {
        this.resize();
        slot = this.slotOf(key, hash);
      }
      this.used++;
      this.keys[slot] = key;
      this.owners[slot] = owner;
    }
    const column = this[what];
    column[slot] = (column[slot] as number) + 1;
  }

  get(key: number): ObjectCounts | undefined {
    const slot = this.slotOf(key, hashOf(key));
    if (this.keys[slot] === EMPTY) return undefined;
    return {
      owner: this.owners[slot] as number,
      likes: this.likes[slot] as number,
      shares: this.shares[slot] as number,
    };
  }

  forEach(each: (key: number, likes: number, shares: number) => void): void {
    this.forSlots(0, this.keys.length, each);
  }

  /** The same for some of the table's slots. Skips objects whose counts are zero. */
  forSlots(from: number, to: number, each: (key: number, likes: number, shares: number) => void): void {
    const { keys, likes, shares } = this;
    for (let slot = from; slot < to; slot++) {
      const liked = likes[slot] as number;
      const shared = shares[slot] as number;
      if (liked + shared > 0) each(keys[slot] as number, liked, shared);
    }
  }

  /** Takes away what was added before. The place of an object with nothing left is given back by {@link shrink}. */
  subtract(key: number, likes: number, shares: number): void {
    const slot = this.slotOf(key, hashOf(key));
    this.likes[slot] = (this.likes[slot] as number) - likes;
    this.shares[slot] = (this.shares[slot] as number) - shares;
  }

  /** Gives back what the table does not need any more. */
  shrink(): void {
    this.resize();
  }

  /** Where `key` stands, or would. */
  private slotOf(key: number, hash: number): number {
    const { keys } = this;
    const mask = keys.length - 1;
    let slot = hash & mask;
    for (;;) {
      const found = keys[slot];
      if (found === EMPTY || found === key) return slot;
      slot = (slot + 1) & mask;
    }
  }

  /** Makes the table as large as what it has in it wants, with some room. */
  private resize(): void {
    const { keys, owners, likes, shares } = this;
    let objects = 0;
    this.forEach(() => {
      objects++;
    });
    let slots = FIRST_SLOTS;
    while (2 * objects >= slots) slots *= 2;
    this.keys = new Float64Array(slots);
    this.owners = new Int32Array(slots);
    this.likes = new Uint32Array(slots);
    this.shares = new Uint32Array(slots);
    this.used = objects;
    for (let from = 0; from < keys.length; from++) {
      if ((likes[from] as number) + (shares[from] as number) === 0) continue;
      const key = keys[from] as number;
      const to = this.slotOf(key, hashOf(key));
      this.keys[to] = key;
      this.owners[to] = owners[from] as number;
      this.likes[to] = likes[from] as number;
      this.shares[to] = shares[from] as number;
    }
  }
}

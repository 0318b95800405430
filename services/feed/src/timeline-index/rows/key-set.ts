import { hashOf } from './object-slots';

const EMPTY = 0;
const FIRST_SLOTS = 16;
/** Sets that grow one at a time, so that no call takes long. */
const PARTS = 256;

/** A set of objectKeys outside the heap: 11 to 21 bytes each. */
export class KeySet {
  private count = 0;
  private readonly parts = Array.from({ length: PARTS }, () => new Part());

  get size(): number {
    return this.count;
  }

  /** Bytes outside the JavaScript heap. */
  get bytes(): number {
    return this.parts.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  has(key: number): boolean {
    const hash = hashOf(key);
    return this.partOf(hash).has(key, hash);
  }

  add(key: number): void {
    const hash = hashOf(key);
    if (this.partOf(hash).add(key, hash)) this.count++;
  }

  delete(key: number): void {
    const hash = hashOf(key);
    if (this.partOf(hash).delete(key, hash)) this.count--;
  }

  private partOf(hash: number): Part {
    // The lowest bits select the slot.
    return this.parts[hash >>> 24] as Part;
  }
}

/** Open addressing with linear probing (Knuth, TAOCP 6.4, algorithms L and R). */
class Part {
  private size = 0;
  private keys = new Float64Array(FIRST_SLOTS);

  get bytes(): number {
    return this.keys.byteLength;
  }

  has(key: number, hash: number): boolean {
    return this.keys[this.slotOf(key, hash)] === key;
  }

  /** Whether it was not there. */
  add(key: number, hash: number): boolean {
    const slot = this.slotOf(key, hash);
    if (this.keys[slot] === key) return false;
    this.keys[slot] = key;
    this.size++;
    if (4 * this.size > 3 * this.keys.length) this.grow();
    return true;
  }

  /** Whether it was there. */
  delete(key: number, hash: number): boolean {
    const { keys } = this;
    const mask = keys.length - 1;
    let free = this.slotOf(key, hash);
    if (keys[free] !== key) return false;
    this.size--;
    for (let slot = (free + 1) & mask; keys[slot] !== EMPTY; slot = (slot + 1) & mask) {
      const wanted = hashOf(keys[slot] as number) & mask;
      // Whether the free slot lies between the key's wanted slot and the slot that it has.
      if (((slot - wanted) & mask) < ((slot - free) & mask)) continue;
      keys[free] = keys[slot] as number;
      free = slot;
    }
    keys[free] = EMPTY;
    return true;
  }

  private grow(): void {
    const before = this.keys;
    this.keys = new Float64Array(2 * before.length);
    for (const key of before) if (key !== EMPTY) this.keys[this.slotOf(key, hashOf(key))] = key;
  }

  private slotOf(key: number, hash: number): number {
    const { keys } = this;
    const mask = keys.length - 1;
    let slot = hash & mask;
    while (keys[slot] !== EMPTY && keys[slot] !== key) slot = (slot + 1) & mask;
    return slot;
  }
}

import { hashOf, type ObjectCounts, ObjectSlots } from './object-slots';

const FIRST_SLOTS = 16;

/** Slots that each {@link ObjectTable.add} moves while the table is being resized. */
export const SLOTS_MOVED_PER_ADD = 256;

/**
 * Counts of objects by objectKey: an open hash table in typed arrays, which the garbage collector does not scan. Between
 * 2/8 and 6/8 of the slots are used. When the table is resized, each call moves a few slots, so that the time of a call
 * does not depend on the number of objects.
 */
export class ObjectTable {
  private current = new ObjectSlots(FIRST_SLOTS);
  /** The old slots during a resize; those before `moved` are already moved. */
  private previous: ObjectSlots | undefined;
  private moved = 0;
  /** Used slots of `current`, including objects whose counts are 0. */
  private used = 0;
  /** Objects with a count above 0, in both sets of slots. */
  private counted = 0;

  /** `slotsPerAdd` must be at least 8, so that a resize is finished before the table is full again. */
  constructor(private readonly slotsPerAdd = SLOTS_MOVED_PER_ADD) {}

  get slots(): number {
    return this.current.length + (this.previous?.length ?? 0);
  }

  get unmoved(): number {
    return this.previous ? this.previous.length - this.moved : 0;
  }

  /** Bytes outside the JavaScript heap. */
  get bytes(): number {
    return this.current.bytes + (this.previous?.bytes ?? 0);
  }

  /** Increments a count. `place` is its index in ENGAGEMENTS. */
  add(key: number, owner: number, place: number): void {
    this.moveSome();
    const hash = hashOf(key);
    let table = this.tableOf(key, hash);
    let slot = table.slotOf(key, hash);
    if (table.isFree(slot)) {
      if (8 * this.used >= 6 * table.length) {
        this.resize();
        table = this.current;
        slot = table.slotOf(key, hash);
      }
      this.used++;
      table.keys[slot] = key;
      table.owners[slot] = owner;
    }
    if (!table.isCounted(slot)) this.counted++;
    const column = table.counts[place] as Uint32Array;
    column[slot] = (column[slot] as number) + 1;
  }

  get(key: number): ObjectCounts | undefined {
    const hash = hashOf(key);
    const table = this.tableOf(key, hash);
    const slot = table.slotOf(key, hash);
    if (table.isFree(slot)) return undefined;
    return { owner: table.owners[slot] as number, counts: table.countsOf(slot) };
  }

  /** Calls `each` for every object with a count above 0; `counts` is valid during the call only. */
  forEach(each: (key: number, counts: readonly number[]) => void): void {
    this.forSlots(0, this.slots, each);
  }

  /**
   * The same for a range of slots. Slots hold the same objects until the next {@link add}.
   */
  forSlots(from: number, to: number, each: (key: number, counts: readonly number[]) => void): void {
    const { current, previous } = this;
    const split = current.length;
    visit(current, from, Math.min(to, split), each);
    if (previous) visit(previous, Math.max(from - split, this.moved), to - split, each);
  }

  /** Subtracts counts that were added before. {@link shrink} frees the slots of objects whose counts are 0. */
  subtract(key: number, counts: readonly number[]): void {
    const hash = hashOf(key);
    const table = this.tableOf(key, hash);
    const slot = table.slotOf(key, hash);
    for (const [place, column] of table.counts.entries()) {
      column[slot] = (column[slot] as number) - (counts[place] as number);
    }
    if (!table.isCounted(slot)) this.counted--;
  }

  /** Starts a resize to fewer slots if possible; the following calls of {@link add} do it step by step. */
  shrink(): void {
    if (!this.previous && this.wantedSlots() < this.current.length) this.resize();
  }

  /** The slots that contain `key` or are to contain it. */
  private tableOf(key: number, hash: number): ObjectSlots {
    const { current, previous, moved } = this;
    if (!previous) return current;
    const slot = previous.slotOf(key, hash);
    return slot < moved || previous.isFree(slot) ? current : previous;
  }

  private resize(): void {
    const slots = this.wantedSlots();
    this.previous = this.current;
    this.moved = 0;
    this.current = new ObjectSlots(slots);
    this.used = 0;
  }

  /** Includes room for objects added during the resize, so that a resize never begins during another. */
  private wantedSlots(): number {
    const added = Math.ceil(this.current.length / this.slotsPerAdd) + 1;
    let slots = FIRST_SLOTS;
    while (2 * (this.counted + added) >= slots) slots *= 2;
    return slots;
  }

  private moveSome(): void {
    const { current, previous, moved } = this;
    if (!previous) return;
    const end = Math.min(moved + this.slotsPerAdd, previous.length);
    for (let slot = moved; slot < end; slot++) {
      if (!previous.isCounted(slot)) continue;
      current.take(previous, slot);
      this.used++;
    }
    this.moved = end;
    if (end < previous.length) return;
    this.previous = undefined;
    // A table that lost nearly all objects may need several resizes.
    if (4 * this.wantedSlots() <= current.length) this.resize();
  }
}

function visit(
  slots: ObjectSlots,
  from: number,
  to: number,
  each: (key: number, counts: readonly number[]) => void,
): void {
  const { keys, counts: columns } = slots;
  const counts = columns.map(() => 0);
  for (let slot = from; slot < to; slot++) {
    if (!slots.isCounted(slot)) continue;
    for (let place = 0; place < counts.length; place++) counts[place] = columns[place]?.[slot] as number;
    each(keys[slot] as number, counts);
  }
}

import { hashOf, type ObjectCounts, ObjectSlots } from './object-slots';

const FIRST_SLOTS = 16;

/** Slots that each {@link ObjectTable.add} moves while the table changes its size. */
export const SLOTS_MOVED_PER_ADD = 256;

/**
 * How objects did in some time, by objectKey: an open hash table in typed arrays, which the garbage collector does not
 * walk. Two to six eighths of the slots are taken. When the table grows or shrinks, its objects move to the new slots a
 * few with each call, so that no call takes longer the more objects there are.
 */
export class ObjectTable {
  private current = new ObjectSlots(FIRST_SLOTS);
  /** Slots that objects still move from: those from `moved` on hold objects, those before it nothing any more. */
  private previous: ObjectSlots | undefined;
  private moved = 0;
  /** Taken slots of `current`, with those of objects of which nothing is left. */
  private used = 0;
  /** Objects of which something is left, wherever they are. */
  private counted = 0;

  /** `slotsPerAdd` is 8 or more: fewer would not have moved before the table is full again. */
  constructor(private readonly slotsPerAdd = SLOTS_MOVED_PER_ADD) {}

  get slots(): number {
    return this.current.length + (this.previous?.length ?? 0);
  }

  /** Slots whose objects have still to move. */
  get unmoved(): number {
    return this.previous ? this.previous.length - this.moved : 0;
  }

  /** What the table takes outside of the heap. */
  get bytes(): number {
    return this.current.bytes + (this.previous?.bytes ?? 0);
  }

  /** Counts one more. `place` is that of the count in ENGAGEMENTS. */
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

  /** Calls `each` with every object that has a count; its counts are valid for that call. */
  forEach(each: (key: number, counts: readonly number[]) => void): void {
    this.forSlots(0, this.slots, each);
  }

  /**
   * The same for some of the table's slots, which hold the same objects until the next {@link add}. Skips objects whose
   * counts are zero.
   */
  forSlots(from: number, to: number, each: (key: number, counts: readonly number[]) => void): void {
    const { current, previous } = this;
    const split = current.length;
    visit(current, from, Math.min(to, split), each);
    if (previous) visit(previous, Math.max(from - split, this.moved), to - split, each);
  }

  /** Takes away what was added before. The place of an object with nothing left is given back by {@link shrink}. */
  subtract(key: number, counts: readonly number[]): void {
    const hash = hashOf(key);
    const table = this.tableOf(key, hash);
    const slot = table.slotOf(key, hash);
    for (const [place, column] of table.counts.entries()) {
      column[slot] = (column[slot] as number) - (counts[place] as number);
    }
    if (!table.isCounted(slot)) this.counted--;
  }

  /** Gives back what the table does not need any more: bit by bit, as objects are added. */
  shrink(): void {
    if (!this.previous && this.wantedSlots() < this.current.length) this.resize();
  }

  /** Where `key` is, or is to be put. */
  private tableOf(key: number, hash: number): ObjectSlots {
    const { current, previous, moved } = this;
    if (!previous) return current;
    const slot = previous.slotOf(key, hash);
    return slot < moved || previous.isFree(slot) ? current : previous;
  }

  /** Begins to make the table as large as what it has in it wants, with some room. */
  private resize(): void {
    const slots = this.wantedSlots();
    this.previous = this.current;
    this.moved = 0;
    this.current = new ObjectSlots(slots);
    this.used = 0;
  }

  /** Not too few for what is added while objects move, so that a table never changes its size in the middle of it. */
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
    // A table that lost nearly everything could not become as small as that in one go.
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

import type { Microseconds } from '@activity-feed/contracts';
import type { UserTable } from '../rows/user-table';

/** Up to this number of actors, all are taken at once: selecting among them would be slower. */
const FEW = 100;
/** Factor by which the second portion leaves more actors taken than the first; it doubles with each further one. */
const WIDENING = 1.5;

const NOTHING_OLDER = Number.NEGATIVE_INFINITY as Microseconds;

/** Actors in portions, those with the newest activities first. Reads a column of times, and no rows. */
export class RecentActors {
  private actors: Uint32Array = new Uint32Array();
  private ticks = new Int32Array(1024);
  private taken = new Uint32Array(1024);
  private wanted = 0;
  private widening = WIDENING;
  /** The least tick of those who were taken. */
  private threshold = 0;
  /** Activities of actors not yet taken are older than this. */
  bound = NOTHING_OLDER;

  constructor(private readonly users: UserTable) {}

  /** Returns the first portion, `wanted` actors or somewhat more. A portion is valid until the next call. */
  begin(actors: Uint32Array, wanted: number): Uint32Array {
    if (actors.length <= Math.max(FEW, wanted)) return this.all(actors);
    this.actors = actors;
    this.wanted = wanted;
    this.widening = WIDENING;
    this.threshold = Number.POSITIVE_INFINITY;
    this.gather();
    return this.take();
  }

  /** Takes all. */
  all(actors: Uint32Array): Uint32Array {
    this.bound = NOTHING_OLDER;
    return actors;
  }

  /** The next portion. `bound` is less afterwards. */
  next(): Uint32Array {
    const { bound } = this;
    for (;;) {
      this.wanted = Math.ceil(this.widening * this.wanted);
      this.widening *= 2;
      const portion = this.take();
      // All may have the same tick.
      if (this.bound < bound) return portion;
    }
  }

  private take(): Uint32Array {
    const { actors, ticks, taken, wanted, threshold: above } = this;
    const all = wanted >= actors.length;
    const threshold = all ? Number.NEGATIVE_INFINITY : largest(ticks, actors.length, wanted);
    let count = 0;
    for (let index = 0; index < actors.length; index++) {
      const tick = ticks[index] as number;
      if (tick >= threshold && tick < above) taken[count++] = actors[index] as number;
    }
    this.threshold = threshold;
    this.bound = this.users.timeOfTick(threshold);
    return taken.subarray(0, count);
  }

  /** Reads the column in one pass without branches: with many actors, cache misses here take nearly all the time. */
  private gather(): void {
    const { actors } = this;
    if (actors.length > this.ticks.length) {
      this.ticks = new Int32Array(2 * actors.length);
      this.taken = new Uint32Array(2 * actors.length);
    }
    const { ticks } = this;
    const { newestTicks } = this.users;
    for (let index = 0; index < actors.length; index++) ticks[index] = newestTicks[actors[index] as number] as number;
  }
}

let smallest = new Int32Array(256);

/** The `wanted`th largest of the first `count` values; `count` > `wanted`. */
function largest(values: Int32Array, count: number, wanted: number): number {
  if (wanted > smallest.length) smallest = new Int32Array(wanted);
  const heap = smallest;
  for (let index = 0; index < wanted; index++) heap[index] = values[index] as number;
  for (let root = (wanted >> 1) - 1; root >= 0; root--) sink(heap, wanted, root);
  for (let index = wanted; index < count; index++) {
    const value = values[index] as number;
    if (value > (heap[0] as number)) {
      heap[0] = value;
      sink(heap, wanted, 0);
    }
  }
  return heap[0] as number;
}

function sink(heap: Int32Array, size: number, root: number): void {
  const value = heap[root] as number;
  let at = root;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= size) break;
    if (child + 1 < size && (heap[child + 1] as number) < (heap[child] as number)) child++;
    if ((heap[child] as number) >= value) break;
    heap[at] = heap[child] as number;
    at = child;
  }
  heap[at] = value;
}

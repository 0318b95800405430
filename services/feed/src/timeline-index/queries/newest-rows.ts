import type { Microseconds } from '@activity-feed/contracts';
import type { Position } from '../../activity/positions';
import type { ActivityRows, Row } from '../rows/activity-rows';
import type { ActorLists } from '../rows/actor-list';
import type { UserTable } from '../rows/user-table';
import type { Visibility } from './view';

/** Up to this number of actors, all newest rows go into the heap: selecting among them would be slower. */
const FEW = 100;
/** Factor by which more actors are tried if rows were skipped. */
const WIDENING = 4;
/** Rows that a viewer may not see, before a pause: about a millisecond. */
const HIDDEN_PER_TURN = 5_000;

export interface FoundRows {
  /** Newest first. Valid until the next call. */
  rows: Uint32Array;
  /** False if the page continues in the hypertable, or the search has stopped. */
  complete: boolean;
  /** Where the search has stopped because of very many hidden rows. */
  stoppedAt: Position | undefined;
}

/**
 * Merges the lists of many actors, newest first. A page of n entries has at most n actors. So of many actors, only those
 * with the n newest activities are merged, selected by a column of times; the rows of the others are not touched.
 *
 * Results are valid until the next call.
 */
export class NewestRows {
  private readonly heap: RowHeap;
  private result = new Uint32Array(256);
  private ticks = new Int32Array(1024);
  /** The last row that was looked at, if the search stopped before it was complete. */
  stoppedAt: Row | undefined;

  constructor(
    private readonly rows: ActivityRows,
    private readonly users: UserTable,
    private readonly lists: ActorLists,
  ) {
    this.heap = new RowHeap(rows);
  }

  /**
   * The `limit` newest rows of `actors` that are older than `before` and newer than `floor`, and not hidden. After very
   * many hidden rows it stops; see {@link stoppedAt}.
   */
  find(
    actors: Uint32Array,
    limit: number,
    floor: Microseconds,
    before?: Position,
    visibility?: Visibility,
  ): Uint32Array {
    const { heap, lists, rows, users } = this;
    if (limit > this.result.length) this.result = new Uint32Array(limit);
    for (let wanted = limit; ; wanted *= WIDENING) {
      heap.clear();
      let threshold: number | undefined;
      if (before) this.addBefore(actors, floor, before);
      else if (actors.length <= Math.max(FEW, wanted)) this.addAll(actors, floor);
      else threshold = this.addMostRecent(actors, wanted, floor);
      const found = this.merge(limit, floor, visibility);
      if (threshold === undefined || (!lists.hasPending && !visibility)) return found;
      // Skipped rows count in the column of times: others may be on the page in place of those with only such rows.
      const last = this.stoppedAt ?? found[limit - 1];
      if (last !== undefined && users.tickOf(rows.timeOf(last)) >= threshold) return found;
    }
  }

  private merge(limit: number, floor: Microseconds, visibility: Visibility | undefined): Uint32Array {
    const { heap, lists, rows } = this;
    let found = 0;
    let hidden = 0;
    this.stoppedAt = undefined;
    while (found < limit && heap.size > 0) {
      const row = heap.top;
      if (!visibility?.hides(row)) this.result[found++] = row;
      else if (++hidden === HIDDEN_PER_TURN) {
        this.stoppedAt = row;
        break;
      }
      const older = lists.after(row);
      if (older !== undefined && rows.timeOf(older) > floor) heap.replaceTop(older);
      else heap.removeTop();
    }
    return this.result.subarray(0, found);
  }

  private addBefore(actors: Uint32Array, floor: Microseconds, before: Position): void {
    for (let index = 0; index < actors.length; index++) {
      const row = this.lists.newestBefore(actors[index] as number, before);
      if (row !== undefined && this.rows.timeOf(row) > floor) this.heap.add(row);
    }
  }

  private addAll(actors: Uint32Array, floor: Microseconds): void {
    for (let index = 0; index < actors.length; index++) this.addNewest(actors[index] as number, floor);
  }

  /** Returns the least tick of the actors that were added. */
  private addMostRecent(actors: Uint32Array, limit: number, floor: Microseconds): number {
    const { ticks } = this.gather(actors);
    const threshold = largest(ticks, actors.length, limit);
    for (let index = 0; index < actors.length; index++) {
      if ((ticks[index] as number) >= threshold) this.addNewest(actors[index] as number, floor);
    }
    return threshold;
  }

  private addNewest(actor: number, floor: Microseconds): void {
    const row = this.lists.newest(actor);
    if (row !== undefined && this.rows.timeOf(row) > floor) this.heap.add(row);
  }

  /** Reads the column in one pass without branches: with many actors, cache misses here take nearly all the time. */
  private gather(actors: Uint32Array): { ticks: Int32Array } {
    if (actors.length > this.ticks.length) this.ticks = new Int32Array(2 * actors.length);
    const { ticks } = this;
    const { newestTicks } = this.users;
    for (let index = 0; index < actors.length; index++) ticks[index] = newestTicks[actors[index] as number] as number;
    return { ticks };
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

/** A heap of rows, newest on top. Times are stored beside the rows, as they nearly always decide. */
class RowHeap {
  size = 0;
  private entries = new Uint32Array(256);
  private times = new Float64Array(256);

  constructor(private readonly rows: ActivityRows) {}

  get top(): Row {
    return this.entries[0] as Row;
  }

  clear(): void {
    this.size = 0;
  }

  add(row: Row): void {
    if (this.size === this.entries.length) this.grow();
    const time = this.rows.timeOf(row);
    let at = this.size++;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.isNewer(row, time, parent)) break;
      this.move(parent, at);
      at = parent;
    }
    this.entries[at] = row;
    this.times[at] = time;
  }

  replaceTop(row: Row): void {
    const time = this.rows.timeOf(row);
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= this.size) break;
      const sibling = child + 1;
      if (sibling < this.size && this.isNewer(this.entries[sibling] as Row, this.times[sibling] as number, child)) {
        child = sibling;
      }
      if (this.isNewer(row, time, child)) break;
      this.move(child, at);
      at = child;
    }
    this.entries[at] = row;
    this.times[at] = time;
  }

  removeTop(): void {
    this.size--;
    if (this.size > 0) this.replaceTop(this.entries[this.size] as Row);
  }

  private isNewer(row: Row, time: number, at: number): boolean {
    const other = this.times[at] as number;
    return time === other ? this.rows.isNewer(row, this.entries[at] as Row) : time > other;
  }

  private move(from: number, to: number): void {
    this.entries[to] = this.entries[from] as Row;
    this.times[to] = this.times[from] as number;
  }

  private grow(): void {
    const entries = new Uint32Array(2 * this.entries.length);
    entries.set(this.entries);
    this.entries = entries;
    const times = new Float64Array(2 * this.times.length);
    times.set(this.times);
    this.times = times;
  }
}

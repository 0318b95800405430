import type { Microseconds } from '@activity-feed/contracts';
import type { Position } from '../../activity/positions';
import type { ActivityRows, Row } from '../rows/activity-rows';
import type { ActorLists } from '../rows/actor-list';
import type { UserTable } from '../rows/user-table';
import { RecentActors } from './recent-actors';
import type { Visibility } from './view';

/** Rows that a viewer may not see, before a pause: one to some milliseconds, the more actors, the more. */
const HIDDEN_PER_TURN = 5_000;

export interface FoundRows {
  /** Newest first. Valid until the next call. */
  rows: Uint32Array;
  /** False if the page continues in the hypertable, or the search has stopped. */
  complete: boolean;
  /** Where the search has stopped because of very many hidden rows. */
  stoppedAt: Position | undefined;
}

interface RowsToFind {
  readonly floor: Microseconds;
  readonly before: Position | undefined;
  readonly visibility: Visibility | undefined;
}

/**
 * Merges the lists of many actors, newest first. A page of n entries has at most n actors. So of many actors, only those
 * with the n newest activities are merged, and the rows of the others are not touched. If some of the rows are skipped,
 * more actors join as soon as they may have the next row.
 *
 * Results are valid until the next call.
 */
export class NewestRows {
  private readonly heap: RowHeap;
  private readonly recent: RecentActors;
  private result = new Uint32Array(256);
  /** The last row that was looked at, if the search stopped before it was complete. */
  stoppedAt: Row | undefined;

  constructor(
    private readonly rows: ActivityRows,
    users: UserTable,
    private readonly lists: ActorLists,
  ) {
    this.heap = new RowHeap(rows);
    this.recent = new RecentActors(users);
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
    if (limit > this.result.length) this.result = new Uint32Array(limit);
    this.heap.clear();
    const of = { floor, before, visibility };
    this.add(before ? this.recent.all(actors) : this.recent.begin(actors, limit), of);
    return this.merge(limit, of);
  }

  private merge(limit: number, of: RowsToFind): Uint32Array {
    const { heap, lists, rows, recent } = this;
    const { floor, visibility } = of;
    let found = 0;
    let hidden = 0;
    this.stoppedAt = undefined;
    while (found < limit) {
      while (recent.bound > floor && heap.topTime < recent.bound) this.add(recent.next(), of);
      if (heap.size === 0) break;
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

  private add(actors: Uint32Array, { floor, before, visibility }: RowsToFind): void {
    const { heap, lists, rows } = this;
    for (let index = 0; index < actors.length; index++) {
      const actor = actors[index] as number;
      if (visibility?.hidesUser(actor)) continue;
      const row = before ? lists.newestBefore(actor, before) : lists.newest(actor);
      if (row !== undefined && rows.timeOf(row) > floor) heap.add(row);
    }
  }
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

  /** Minus infinity if the heap is empty. */
  get topTime(): number {
    return this.size === 0 ? Number.NEGATIVE_INFINITY : (this.times[0] as number);
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

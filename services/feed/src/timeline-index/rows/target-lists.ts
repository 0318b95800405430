import type { ActivityRows, Row } from './activity-rows';
import type { UserTable } from './user-table';

/** Places of late rows that are remembered. */
const REMEMBERED = 10_000;

/**
 * The rows that concern each user, newest to oldest, as a linked list through the rows. Rows that were taken back or hidden
 * stay in it. Of an event that concerns the user twice, only the row that was inserted last is in it.
 */
export class TargetLists {
  /** Below which row the last late row of a user was inserted: the next one is often near. */
  private readonly lastLate = new Map<number, Row>();

  constructor(
    private readonly rows: ActivityRows,
    private readonly users: UserTable,
  ) {}

  /** Inserts `row` into the list of `user`: at the head unless it is late. */
  insert(user: number, row: Row): void {
    const { rows, users } = this;
    const head = this.first(user);
    if (head === undefined || rows.isNewer(row, head)) {
      rows.setOlderOfTarget(row, head ?? row);
      users.setTargetHead(user, row);
      return;
    }
    if (this.isSame(row, head)) {
      rows.setOlderOfTarget(row, this.next(head) ?? row);
      users.setTargetHead(user, row);
      // It may be the head, which is not in the list any more.
      this.lastLate.delete(user);
      return;
    }
    const above = this.lastAbove(this.startFor(user, row) ?? head, row);
    const below = this.next(above);
    const older = below !== undefined && this.isSame(row, below) ? this.next(below) : below;
    rows.setOlderOfTarget(row, older ?? row);
    rows.setOlderOfTarget(above, row);
    if (this.lastLate.size >= REMEMBERED) this.lastLate.clear();
    this.lastLate.set(user, row);
  }

  first(user: number): Row | undefined {
    return this.users.targetHead(user);
  }

  /** The next older row of the list; undefined if it is not in memory. */
  next(row: Row): Row | undefined {
    const older = this.rows.olderOfTarget(row);
    return older === row || !this.rows.has(older) ? undefined : older;
  }

  /** To be called before `row` is evicted. */
  evict(user: number, row: Row): void {
    if (this.users.targetHead(user) === row) this.users.setTargetHead(user, undefined);
    if (this.lastLate.get(user) === row) this.lastLate.delete(user);
  }

  private startFor(user: number, row: Row): Row | undefined {
    const late = this.lastLate.get(user);
    return late !== undefined && this.rows.has(late) && this.rows.isNewer(late, row) ? late : undefined;
  }

  private lastAbove(start: Row, row: Row): Row {
    let above = start;
    for (;;) {
      const older = this.next(above);
      if (older === undefined || !this.rows.isNewer(older, row)) return above;
      above = older;
    }
  }

  /** Whether both are of the same event. */
  private isSame(a: Row, b: Row): boolean {
    return !this.rows.isNewer(a, b) && !this.rows.isNewer(b, a);
  }
}

import type { ActivityRows } from '../rows/activity-rows';
import type { UserTable } from '../rows/user-table';

/** What of all activities is in memory: everything newer than the floor. */
export class Window {
  private lowest = Number.NEGATIVE_INFINITY;
  private endsThere = true;

  /** At most `budget` rows, and at least a segment. */
  constructor(
    private readonly budget: number,
    private readonly rows: ActivityRows,
    private readonly users: UserTable,
  ) {}

  /** Microseconds since 1970 up to which something may be missing; minus infinity when nothing is. */
  get floor(): number {
    return this.lowest;
  }

  /** Whether there is nothing below the floor anywhere. */
  get isComplete(): boolean {
    return this.endsThere;
  }

  /** Says that something up to `time` is not in memory. */
  raiseFloor(time: number): void {
    if (time <= this.lowest) return;
    this.lowest = time;
    this.endsThere = false;
  }

  /** Says that there is something below the floor. */
  noteRowBelow(): void {
    this.endsThere = false;
  }

  /** Says that what there was up to `time` exists no more. */
  endAt(time: number): void {
    if (time < this.lowest) return;
    this.lowest = time;
    this.endsThere = true;
  }

  /** Lets the oldest go until the budget is kept. They are the first that came, of whatever time. */
  keepBudget(): void {
    while (this.rows.count > this.budget && this.rows.count > this.rows.segmentRows) {
      this.rows.dropOldest((row, actor, time) => {
        this.raiseFloor(time);
        if (!this.users.isEmpty(actor) && this.users.head(actor) === row) this.users.empty(actor);
      });
    }
  }
}

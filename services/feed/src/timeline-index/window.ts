import type { ActivityRows } from './activity-rows';
import type { UserTable } from './user-table';

/** What of all activities is in memory: everything newer than the floor. */
export class Window {
  private lowest = Number.NEGATIVE_INFINITY;

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

  raiseFloor(time: number): void {
    this.lowest = Math.max(this.lowest, time);
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

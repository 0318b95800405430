import type { Microseconds } from '@activity-feed/contracts';
import type { ActivityRows } from '../rows/activity-rows';
import { NO_USER } from '../rows/new-row';
import type { TargetLists } from '../rows/target-lists';
import type { UserTable } from '../rows/user-table';

/** The part of all activities that is in memory: everything newer than the floor. */
export class Window {
  private lowest = Number.NEGATIVE_INFINITY as Microseconds;
  private endsThere = true;

  /** `budget` in rows; at least one segment is kept. */
  constructor(
    private readonly budget: number,
    private readonly rows: ActivityRows,
    private readonly users: UserTable,
    private readonly targets: TargetLists,
  ) {}

  /** Activities up to this time may be missing; minus infinity if none are. */
  get floor(): Microseconds {
    return this.lowest;
  }

  /** Whether no activities exist below the floor, in the database either. */
  get isComplete(): boolean {
    return this.endsThere;
  }

  raiseFloor(time: Microseconds): void {
    if (time <= this.lowest) return;
    this.lowest = time;
    this.endsThere = false;
  }

  noteRowBelow(): void {
    this.endsThere = false;
  }

  /** Notes that no activities up to `time` exist any more. */
  endAt(time: Microseconds): void {
    if (time < this.lowest) return;
    this.lowest = time;
    this.endsThere = true;
  }

  /** Evicts the segments that arrived first, regardless of their times, until the budget is met. */
  keepBudget(): void {
    while (this.rows.count > this.budget && this.rows.count > this.rows.segmentRows) {
      this.rows.dropOldest((row, actor, time, target) => {
        this.raiseFloor(time);
        if (target !== NO_USER) this.targets.evict(target, row);
        if (!this.users.isEmpty(actor) && this.users.head(actor) === row) this.users.empty(actor);
      });
    }
  }
}

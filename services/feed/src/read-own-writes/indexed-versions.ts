import type { StreamPosition } from '@activity-feed/contracts';
import type { TimelineIndex } from '../timeline-index/timeline-index';

interface Waiter {
  positions: StreamPosition[];
  wake(reached: boolean): void;
}

/** Lets a reader wait until the index has what it must be able to see. */
export class IndexedVersions {
  private readonly waiters = new Set<Waiter>();

  constructor(private readonly index: TimelineIndex) {}

  has(positions: readonly StreamPosition[]): boolean {
    for (const { source, stream, version } of positions) {
      if (this.index.versionOf(source, stream) < version) return false;
    }
    return true;
  }

  /** Says that the index has taken events in. */
  changed(): void {
    for (const waiter of this.waiters) if (this.has(waiter.positions)) waiter.wake(true);
  }

  /** Whether all `positions` are in; false when that takes longer than `limit` milliseconds. */
  reach(positions: StreamPosition[], limit: number): Promise<boolean> {
    if (this.has(positions)) return Promise.resolve(true);
    return new Promise((resolve) => {
      const waiter: Waiter = {
        positions,
        wake: (reached) => {
          clearTimeout(timer);
          this.waiters.delete(waiter);
          resolve(reached);
        },
      };
      const timer = setTimeout(waiter.wake, limit, false);
      this.waiters.add(waiter);
    });
  }
}

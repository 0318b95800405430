import type { RequiredVersions, Source, StreamPosition } from '@activity-feed/contracts';
import type { TimelineIndex } from '../timeline-index/timeline-index';
import type { WaitClock } from './wait-clock';
import type { WaitingReads } from './waiting-reads';

interface Waiter {
  positions: StreamPosition[];
  counts: boolean;
  wake(): void;
}

/** Lets reads wait until the index has their required versions, for `counts` by object too. */
export class IndexedVersions {
  private readonly waiters = new Set<Waiter>();

  constructor(
    private readonly index: TimelineIndex,
    private readonly waiting: WaitingReads,
  ) {}

  has(positions: readonly StreamPosition[], counts = false): boolean {
    for (const position of positions) if (this.lacks(position, counts)) return false;
    return true;
  }

  /** To be called after events of `source` were applied to the index. */
  changed(source: Source): void {
    this.waiting.arrived(source);
    for (const waiter of this.waiters) if (this.has(waiter.positions, waiter.counts)) waiter.wake();
  }

  /**
   * Whether the index has everything required. Resolves to false when `budget` is used up, or immediately if waiting is
   * pointless. Rejects with UnverifiedVersion.
   */
  async reach(required: RequiredVersions, budget: WaitClock, counts = false): Promise<boolean> {
    const missing = required.atLeast.filter((position) => this.lacks(position, counts));
    if (missing.length === 0) return true;
    const wait = this.waiting.begin(missing, required);
    if (!wait) return false;
    await this.wake(missing, counts, budget.left);
    const stillMissing = missing.filter((position) => this.lacks(position, counts));
    wait.end(stillMissing);
    return stillMissing.length === 0;
  }

  private lacks({ source, stream, version }: StreamPosition, counts: boolean): boolean {
    return this.index.versionOf(source, stream) < version || !this.index.isSettled(source, stream, version, counts);
  }

  /** Resolves when the index has `positions`, or after `limit` milliseconds. */
  private wake(positions: StreamPosition[], counts: boolean, limit: number): Promise<void> {
    return new Promise((resolve) => {
      const waiter: Waiter = {
        positions,
        counts,
        wake: () => {
          clearTimeout(timer);
          this.waiters.delete(waiter);
          resolve();
        },
      };
      const timer = setTimeout(waiter.wake, limit);
      this.waiters.add(waiter);
    });
  }
}

import { setTimeout as pause } from 'node:timers/promises';
import type { Milliseconds } from '@activity-feed/contracts';
import type { TimeRange } from '../aggregates/time-range';

/** Milliseconds between queries while the database is behind. */
const POLL = 200;

/** Milliseconds that a read waits for a query: the previous boundary is equally correct. */
const WAIT_LIMIT = 20;

export interface MemoryBoundaryOptions {
  /** Where the boundary should be at a time. */
  boundaryAt(now: Milliseconds): Milliseconds;
  now(): Milliseconds;
  /**
   * The time up to which the database was complete when the index was loaded; undefined until the index is ready. Says
   * nothing about later events, so every later move queries the database.
   */
  loadedUntil(): Milliseconds | undefined;
  /** Notes the index's progress. The result says whether the database has caught up with it for reads of the range. */
  mark(range: TimeRange): () => Promise<boolean>;
}

/**
 * The time from which reads take everything from memory. It moves only once the database has everything before the new
 * boundary; otherwise activities would disappear from answers while the projector is behind.
 */
export class MemoryBoundary {
  private reached: Milliseconds | undefined;
  private next: { boundary: Milliseconds; isWritten(): Promise<boolean> } | undefined;
  private moving: Promise<void> | undefined;
  private queryAt = 0;

  constructor(private readonly options: MemoryBoundaryOptions) {}

  /** Minus infinity until the index is ready. */
  async now(): Promise<Milliseconds> {
    const wanted = this.wanted();
    const reached = this.reached ?? this.first();
    if (reached === undefined) return Number.NEGATIVE_INFINITY;
    // After the clock is set back, the hours ahead are yet to come and must be checked again.
    this.reached = Math.min(wanted, reached);
    if (this.reached < wanted) {
      this.moving ??= this.move(this.reached, wanted).finally(() => {
        this.moving = undefined;
      });
      await Promise.race([this.moving, pause(WAIT_LIMIT, undefined, { ref: false })]);
    }
    return Math.min(wanted, this.reached);
  }

  private wanted(): Milliseconds {
    const { boundaryAt, now } = this.options;
    return boundaryAt(now());
  }

  private first(): Milliseconds | undefined {
    const { boundaryAt, loadedUntil } = this.options;
    const until = loadedUntil();
    return until === undefined ? undefined : boundaryAt(until);
  }

  private async move(from: Milliseconds, to: Milliseconds): Promise<void> {
    if (performance.now() < this.queryAt) return;
    // A mark for an earlier boundary is kept: replaced every hour, it might never be reached.
    this.next ??= { boundary: to, isWritten: this.options.mark({ from, to }) };
    const { boundary, isWritten } = this.next;
    if (await isWritten().catch(() => false)) {
      this.reached = Math.min(boundary, this.wanted());
      this.next = undefined;
    } else this.queryAt = performance.now() + POLL;
  }
}

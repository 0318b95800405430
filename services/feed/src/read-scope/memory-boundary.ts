import { setTimeout as pause } from 'node:timers/promises';
import type { TimeRange } from '../aggregates/time-range';

/** Milliseconds from one look at the database to the next while it is behind. */
const POLL = 200;

/** Milliseconds that a read waits for a look: the previous boundary is equally correct. */
const PATIENCE = 20;

export interface MemoryBoundaryOptions {
  /** Where the boundary should be at a time; both in milliseconds since 1970. */
  boundaryAt(now: number): number;
  /** Milliseconds since 1970. */
  now(): number;
  /**
   * Milliseconds since 1970 up to which the database had everything when the index was loaded; undefined until the index
   * is ready. It says nothing of what happened since, so every later move asks the database.
   */
  loadedUntil(): number | undefined;
  /** Notes how far the index is. The result says whether the database has all of that, for reads of the stretch too. */
  mark(stretch: TimeRange): () => Promise<boolean>;
}

/**
 * From where on reads take everything from memory. It moves on once the database has what memory leaves to it there: a
 * projector that is behind would otherwise make things disappear that have been shown.
 */
export class MemoryBoundary {
  private reached: number | undefined;
  private next: { boundary: number; isThere(): Promise<boolean> } | undefined;
  private moving: Promise<void> | undefined;
  private lookAt = 0;

  constructor(private readonly options: MemoryBoundaryOptions) {}

  /** Milliseconds since 1970; minus infinity while the index is behind. */
  async now(): Promise<number> {
    const wanted = this.wanted();
    const reached = this.reached ?? this.first();
    if (reached === undefined) return Number.NEGATIVE_INFINITY;
    // After the clock was set back, the hours ahead are still to come: what happens in them must be asked for again.
    this.reached = Math.min(wanted, reached);
    if (this.reached < wanted) {
      this.moving ??= this.move(this.reached, wanted).finally(() => {
        this.moving = undefined;
      });
      await Promise.race([this.moving, pause(PATIENCE, undefined, { ref: false })]);
    }
    return Math.min(wanted, this.reached);
  }

  private wanted(): number {
    const { boundaryAt, now } = this.options;
    return boundaryAt(now());
  }

  private first(): number | undefined {
    const { boundaryAt, loadedUntil } = this.options;
    const until = loadedUntil();
    return until === undefined ? undefined : boundaryAt(until);
  }

  private async move(from: number, to: number): Promise<void> {
    if (performance.now() < this.lookAt) return;
    // One that was begun for an earlier boundary is not given up: it would never come to its end.
    this.next ??= { boundary: to, isThere: this.options.mark({ from, to }) };
    const { boundary, isThere } = this.next;
    if (await isThere().catch(() => false)) {
      this.reached = Math.min(boundary, this.wanted());
      this.next = undefined;
    } else this.lookAt = performance.now() + POLL;
  }
}

import { setTimeout as pause } from 'node:timers/promises';
import type { Stretch } from '../aggregates/stretch';

/** Milliseconds from one look at the database to the next while it is behind. */
const POLL = 200;

/** Milliseconds that a read waits for a look: where the border was before is as right. */
const PATIENCE = 20;

export interface MemoryBorderOptions {
  /** Where the border should be at a time; both in milliseconds since 1970. */
  borderAt(now: number): number;
  /** Milliseconds since 1970. */
  now(): number;
  /**
   * A bucket's start up to which the database had everything when the index was loaded, milliseconds since 1970.
   * Undefined while the index itself is behind.
   */
  first(): number | undefined;
  /** Notes how far the index is, and gives what tells whether the database has all of that, for reads of the stretch too. */
  mark(stretch: Stretch): () => Promise<boolean>;
}

/**
 * From where on reads take everything from memory. It moves on once the database has what memory leaves to it there: a
 * projector that is behind would otherwise make things disappear that have been shown.
 */
export class MemoryBorder {
  private reached: number | undefined;
  private next: { border: number; isThere(): Promise<boolean> } | undefined;
  private moving: Promise<void> | undefined;
  private lookAt = 0;

  constructor(private readonly options: MemoryBorderOptions) {}

  /** Milliseconds since 1970; minus infinity while the index is behind. */
  async now(): Promise<number> {
    const wanted = this.options.borderAt(this.options.now());
    this.reached ??= this.options.first();
    if (this.reached === undefined) return Number.NEGATIVE_INFINITY;
    if (wanted > this.reached) {
      this.moving ??= this.move(this.reached, wanted).finally(() => {
        this.moving = undefined;
      });
      await Promise.race([this.moving, pause(PATIENCE, undefined, { ref: false })]);
    }
    return Math.min(wanted, this.reached);
  }

  private async move(from: number, to: number): Promise<void> {
    if (performance.now() < this.lookAt) return;
    // One that was begun for an earlier border is not given up: it would never come to its end.
    this.next ??= { border: to, isThere: this.options.mark({ from, to }) };
    const { border, isThere } = this.next;
    if (await isThere().catch(() => false)) {
      this.reached = border;
      this.next = undefined;
    } else this.lookAt = performance.now() + POLL;
  }
}

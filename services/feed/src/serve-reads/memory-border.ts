/** Milliseconds from one look at the database to the next while it is behind. */
const POLL = 200;

export interface MemoryBorderOptions {
  /** Where the border should be at a time; both in milliseconds since 1970. */
  borderAt(now: number): number;
  /** Milliseconds since 1970. */
  now(): number;
  /**
   * Notes how far the index is, and gives what tells whether the database has all of that; undefined while the index
   * itself is behind.
   */
  mark(): (() => Promise<boolean>) | undefined;
}

/**
 * From where on reads take everything from memory. It moves on once the database has what memory leaves to it there: a
 * projector that is behind would otherwise make things disappear that have been shown.
 */
export class MemoryBorder {
  private reached = Number.NEGATIVE_INFINITY;
  private next = Number.NEGATIVE_INFINITY;
  private isWritten: (() => Promise<boolean>) | undefined;
  private moving: Promise<void> | undefined;
  private lookAt = 0;

  constructor(private readonly options: MemoryBorderOptions) {}

  /** Milliseconds since 1970; minus infinity until the first look has succeeded. */
  async now(): Promise<number> {
    const wanted = this.options.borderAt(this.options.now());
    if (wanted > this.reached) {
      this.moving ??= this.move(wanted).finally(() => {
        this.moving = undefined;
      });
      await this.moving;
    }
    return Math.min(wanted, this.reached);
  }

  private async move(wanted: number): Promise<void> {
    if (performance.now() < this.lookAt) return;
    if (wanted !== this.next || !this.isWritten) {
      this.isWritten = this.options.mark();
      this.next = wanted;
    }
    if (this.isWritten && (await this.isWritten().catch(() => false))) this.reached = wanted;
    else this.lookAt = performance.now() + POLL;
  }
}

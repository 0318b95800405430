/** Milliseconds for which an entry is kept. */
const KEPT = 5_000;

/**
 * When the latest event of each recently changed stream was applied, by user number, in milliseconds of
 * performance.now.
 */
export class LatestStreams {
  private readonly times = new Map<number, number>();

  note(user: number): void {
    const now = performance.now();
    this.times.delete(user);
    this.times.set(user, now);
    for (const [oldest, time] of this.times) {
      if (time > now - KEPT) break;
      this.times.delete(oldest);
    }
  }

  /** Minus infinity if it is more than {@link KEPT} ago. */
  timeOf(user: number): number {
    return this.times.get(user) ?? Number.NEGATIVE_INFINITY;
  }
}

/** Milliseconds for which it is remembered when a stream had its latest event. */
const KEPT = 5_000;

/** When events of streams were taken in, for the latest of them: by users' numbers, in milliseconds of this process. */
export class LatestStreams {
  /** In the order of their times. */
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

  /** Minus infinity for more than some seconds ago. */
  timeOf(user: number): number {
    return this.times.get(user) ?? Number.NEGATIVE_INFINITY;
  }
}

import { GATHER_LIMIT, SOURCE, type StreamPosition, type WriteService } from '@activity-feed/contracts';

/** Recent writes, whose events the write services may still gather. */
export class UnsentWrites {
  /** By stream, when the newest write was noted, by `performance.now()`; the oldest first. */
  private readonly noted = new Map<string, number>();

  note(position: StreamPosition, now = performance.now()): void {
    const name = nameOf(position);
    this.noted.delete(name);
    this.noted.set(name, now);
    this.forgetSent(now);
  }

  /** The services that must send events for reads of `positions`. Each write is named once. */
  take(positions: readonly StreamPosition[], now = performance.now()): WriteService[] {
    if (this.noted.size > 0) this.forgetSent(now);
    if (this.noted.size === 0) return NONE;
    const unsent = positions.filter((position) => this.noted.delete(nameOf(position)));
    return unsent.length === 0 ? NONE : [...new Set(unsent.map(({ source }) => SOURCE[source].service))];
  }

  private forgetSent(now: number): void {
    for (const [name, at] of this.noted) {
      if (now - at <= GATHER_LIMIT) return;
      this.noted.delete(name);
    }
  }
}

const NONE: WriteService[] = [];

const nameOf = ({ source, stream }: StreamPosition) => `${source}.${stream}`;

import { EVENT_SOURCES, type EventSource, encodeFeedPosition, type LogPosition } from '@activity-feed/contracts';

/** How far the index has come in the log. */
export class LogProgress {
  /** See FeedPosition. */
  epoch = 0;
  private readonly next = Object.fromEntries(EVENT_SOURCES.map((source) => [source, [] as number[]])) as Record<
    EventSource,
    number[]
  >;
  private encoded: string | undefined;

  /** Notes that the index has everything of a partition before the offset `next`. */
  noteReached(source: EventSource, partition: number, next: number): void {
    this.next[source][partition] = next;
    this.encoded = undefined;
  }

  /** What the index has. */
  get position(): LogPosition {
    return Object.fromEntries(
      EVENT_SOURCES.map((source) => [source, Array.from(this.next[source], (offset) => offset ?? 0)]),
    ) as unknown as LogPosition;
  }

  /** The same as clients keep it. */
  get text(): string {
    this.encoded ??= encodeFeedPosition({ epoch: this.epoch, log: this.position });
    return this.encoded;
  }
}

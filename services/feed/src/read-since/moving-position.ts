import {
  EVENT_SOURCES,
  type EventSource,
  encodeFeedPosition,
  type LogPlace,
  type LogPosition,
  laterPosition,
} from '@activity-feed/contracts';
import type { LogProgress } from '../timeline-index/log-progress';

/** A position that moves from event to event. */
export class MovingPosition {
  private offsets: Record<EventSource, number[]>;

  constructor(
    private readonly log: LogProgress,
    start: LogPosition,
  ) {
    this.offsets = Object.fromEntries(EVENT_SOURCES.map((source) => [source, [...start[source]]])) as unknown as Record<
      EventSource,
      number[]
    >;
  }

  get position(): LogPosition {
    return this.offsets;
  }

  get text(): string {
    return encodeFeedPosition({ epoch: this.log.epoch, log: this.offsets });
  }

  /** Moves behind an event. */
  pass({ source, partition, offset }: LogPlace): void {
    const offsets = this.offsets[source];
    while (offsets.length < partition) offsets.push(0);
    offsets[partition] = offset + 1;
  }

  /** Moves to what the index has, or stays where it is beyond. */
  passAll(): void {
    this.offsets = laterPosition(this.offsets, this.log.position) as unknown as Record<EventSource, number[]>;
  }
}

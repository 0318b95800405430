import { encodeFeedPosition, type LogPlace, type LogPosition, laterPosition } from '@activity-feed/contracts';

/** How far the log was read; see FeedPosition. */
export interface Reached {
  readonly epoch: number;
  readonly position: LogPosition;
}

/** A position that moves from event to event. */
export class MovingPosition {
  constructor(
    private readonly log: Reached,
    private current: LogPosition,
  ) {}

  /** Does not change when it moves on. */
  get position(): LogPosition {
    return this.current;
  }

  get text(): string {
    return encodeFeedPosition({ epoch: this.log.epoch, log: this.current });
  }

  /** Moves behind an event. */
  pass({ source, partition, offset }: LogPlace): void {
    const offsets = [...this.current[source]];
    while (offsets.length < partition) offsets.push(0);
    offsets[partition] = offset + 1;
    this.current = { ...this.current, [source]: offsets };
  }

  /** Moves to how far the log was read, or stays where it is beyond. */
  passAll(): void {
    this.current = laterPosition(this.current, this.log.position);
  }
}

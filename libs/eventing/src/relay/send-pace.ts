import { GATHER_LIMIT } from '@activity-feed/contracts';
import { WakeSignal } from './wake-signal';

/** Milliseconds between sends at least, unless the next batch is already full. */
const SEND_INTERVAL = 10;

/** Sends follow each other closely if there are fewer than this many times the gathering between them. */
const BUSY = 2;

/** Pauses between the sends of a relay, in which it gathers events. */
export class SendPace {
  private readonly hurried = new WakeSignal();
  private readonly stopped = new WakeSignal();
  private lastAt = Number.NEGATIVE_INFINITY;

  /** `gatherLimit`: milliseconds after a send for which events are gathered if there are many. */
  constructor(private readonly gatherLimit = GATHER_LIMIT) {}

  /** Ends the gathering, this or the next. */
  hurry(): void {
    this.hurried.ring();
  }

  /** Returns whether it was to hurry, and forgets it. */
  takeHurry(): boolean {
    return this.hurried.reset();
  }

  /** Ends a pause. */
  stop(): void {
    this.stopped.ring();
    this.hurried.ring();
  }

  /** A single event is sent at once. When sends have followed each other closely, the events of a while share the next one. */
  async after(sentAt: number): Promise<void> {
    const isBusy = sentAt - this.lastAt < BUSY * this.gatherLimit;
    this.lastAt = sentAt;
    const left = (interval: number) => sentAt + interval - performance.now();
    await this.stopped.wait(left(SEND_INTERVAL));
    if (isBusy && left(this.gatherLimit) > 0) await this.hurried.wait(left(this.gatherLimit));
  }
}

import { GATHER_LIMIT } from '@activity-feed/contracts';
import { WakeSignal } from './wake-signal';

/** Milliseconds between sends at least, unless the next batch is already full. */
const SEND_INTERVAL = 10;

/** Events in so many milliseconds are many: 40 a second. */
const MANY = { events: 20, within: 500 };

export interface PaceOptions {
  /** Milliseconds after a send for which events are gathered if there are many, unless a read waits for one. */
  gatherLimit?: number | undefined;
  /** Events in half a second from which on they are many. */
  manyEvents?: number | undefined;
}

/** Pauses between the sends of a relay, in which it gathers events. */
export class SendPace {
  private readonly hurried = new WakeSignal();
  private readonly stopped = new WakeSignal();
  private readonly gatherLimit: number;
  private readonly manyEvents: number;
  /** Recent sends, the oldest first. */
  private readonly sends: { at: number; events: number }[] = [];

  constructor({ gatherLimit = GATHER_LIMIT, manyEvents = MANY.events }: PaceOptions = {}) {
    [this.gatherLimit, this.manyEvents] = [gatherLimit, manyEvents];
  }

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

  /** Pauses after `events` were sent. Few events are sent at once; when there are many, those of a while share a send. */
  async after(sentAt: number, events: number): Promise<void> {
    const gathers = this.areMany(sentAt, events);
    const left = (interval: number) => sentAt + interval - performance.now();
    await this.stopped.wait(left(SEND_INTERVAL));
    if (gathers && left(this.gatherLimit) > 0) await this.hurried.wait(left(this.gatherLimit));
  }

  private areMany(at: number, events: number): boolean {
    this.sends.push({ at, events });
    while (this.sends[0] && this.sends[0].at <= at - MANY.within) this.sends.shift();
    return this.sends.reduce((sum, send) => sum + send.events, 0) >= this.manyEvents;
  }
}

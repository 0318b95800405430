import type { Consumer } from 'kafkajs';

/** Milliseconds from one look for answered fetches to the next. A fetch waits for 100 ms when there is nothing new. */
const LOOK = 250;
/** Looks without an answered fetch after which nothing is received. Counted, as a pause of this process is none of the broker. */
const SILENT_LOOKS = 6;

export interface MembershipOptions {
  /** Milliseconds without a heartbeat after which the group takes the partitions away. */
  sessionTimeout: number;
  /** Milliseconds within which the consumer must have joined its group. */
  joinTimeout: number;
  /** Called with the partitions of each topic that were assigned. */
  onJoin(assignment: Record<string, number[]>): void;
  /** Called when the consumer is beyond help. */
  onCrash(error: Error): void;
}

/** Watches whether a consumer is a living member of its group. */
export class GroupMembership {
  private joined = false;
  private lastBeat = Number.NEGATIVE_INFINITY;
  /** Counted from the first answer on: until then the group is still being joined. */
  private silentLooks = Number.NEGATIVE_INFINITY;
  private readonly looks: NodeJS.Timeout;
  private joinTimer: NodeJS.Timeout | undefined;
  private closed = false;

  constructor(
    consumer: Consumer,
    private readonly options: MembershipOptions,
  ) {
    this.expectJoin();
    this.looks = setInterval(() => this.silentLooks++, LOOK).unref();
    // While a batch is being read no fetch is answered.
    for (const event of [
      consumer.events.FETCH,
      consumer.events.START_BATCH_PROCESS,
      consumer.events.END_BATCH_PROCESS,
    ]) {
      consumer.on(event, () => this.received());
    }
    consumer.on(consumer.events.REBALANCING, () => this.expectJoin());
    consumer.on(consumer.events.DISCONNECT, () => this.expectJoin());
    consumer.on(consumer.events.HEARTBEAT, () => this.beat());
    consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
      this.endTimer();
      this.joined = true;
      this.beat();
      options.onJoin(payload.memberAssignment);
    });
    consumer.on(consumer.events.CRASH, ({ payload }) => {
      this.expectJoin();
      if (!payload.restart) options.onCrash(payload.error);
    });
  }

  /** Whether the broker has answered this member within a session. */
  get alive(): boolean {
    return this.joined && performance.now() - this.lastBeat < this.options.sessionTimeout;
  }

  /** Whether the broker answers fetches; also while it has yet to answer the first. */
  get receiving(): boolean {
    return !this.closed && this.silentLooks < SILENT_LOOKS;
  }

  close(): void {
    this.closed = true;
    this.joined = false;
    clearInterval(this.looks);
    this.endTimer();
  }

  /** kafkajs can look for its group's coordinator for ever while all else seems well. */
  private expectJoin(): void {
    this.joined = false;
    if (this.closed) return;
    const late = () => this.options.onCrash(new Error('the consumer did not join its group in time'));
    this.joinTimer ??= setTimeout(late, this.options.joinTimeout);
  }

  private beat(): void {
    this.lastBeat = performance.now();
  }

  private received(): void {
    this.silentLooks = 0;
  }

  private endTimer(): void {
    clearTimeout(this.joinTimer);
    this.joinTimer = undefined;
  }
}

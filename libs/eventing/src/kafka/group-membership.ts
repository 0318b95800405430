import type { Consumer } from 'kafkajs';

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
  private lastBeat = 0;
  private joinTimer: NodeJS.Timeout | undefined;
  private closed = false;

  constructor(
    consumer: Consumer,
    private readonly options: MembershipOptions,
  ) {
    this.expectJoin();
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
    return this.joined && Date.now() - this.lastBeat < this.options.sessionTimeout;
  }

  close(): void {
    this.closed = true;
    this.joined = false;
    this.endTimer();
  }

  /** kafkajs can look for its group's coordinator for ever while all else seems well. */
  private expectJoin(): void {
    this.joined = false;
    if (this.closed) return;
    const late = () => this.options.onCrash(new Error('the consumer group was not joined in time'));
    this.joinTimer ??= setTimeout(late, this.options.joinTimeout);
  }

  private beat(): void {
    this.lastBeat = Date.now();
  }

  private endTimer(): void {
    clearTimeout(this.joinTimer);
    this.joinTimer = undefined;
  }
}

import type { Consumer } from 'kafkajs';

/** Milliseconds between checks for answered fetches. The broker answers within 300 ms if there is nothing new. */
const CHECK_INTERVAL = 250;
/** Checks without an answered fetch before the broker counts as silent. Checks and not time: this process may pause. */
const MAX_SILENT_CHECKS = 6;

export interface MembershipOptions {
  /** Milliseconds without a heartbeat after which the broker removes the member. */
  sessionTimeout: number;
  /** Milliseconds within which the consumer must have joined its group. */
  joinTimeout: number;
  /** Called with the assigned partitions of each topic. */
  onJoin(assignment: Record<string, number[]>): void;
  /** Called when the consumer cannot recover. */
  onCrash(error: Error): void;
}

/** Tracks whether a consumer is a live member of its group. */
export class GroupMembership {
  private joined = false;
  private lastBeat = Number.NEGATIVE_INFINITY;
  /** Counted from the first answered fetch; before that, the consumer is still joining. */
  private silentChecks = Number.NEGATIVE_INFINITY;
  private readonly checks: NodeJS.Timeout;
  private joinTimer: NodeJS.Timeout | undefined;
  private closed = false;

  constructor(
    consumer: Consumer,
    private readonly options: MembershipOptions,
  ) {
    this.expectJoin();
    this.checks = setInterval(() => this.silentChecks++, CHECK_INTERVAL).unref();
    // No fetches are sent while a batch is being read.
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

  /** Whether the member has joined and its last heartbeat was answered within the session timeout. */
  get alive(): boolean {
    return this.joined && performance.now() - this.lastBeat < this.options.sessionTimeout;
  }

  /** Whether the broker answers fetches; true until the first answer. */
  get receiving(): boolean {
    return !this.closed && this.silentChecks < MAX_SILENT_CHECKS;
  }

  close(): void {
    this.closed = true;
    this.joined = false;
    clearInterval(this.checks);
    this.endTimer();
  }

  /** Needs a time limit: kafkajs may search for the group's coordinator forever. */
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
    this.silentChecks = 0;
  }

  private endTimer(): void {
    clearTimeout(this.joinTimer);
    this.joinTimer = undefined;
  }
}

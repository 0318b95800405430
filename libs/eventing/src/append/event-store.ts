import type { ErrorCode, NewEvent, UserId } from '@activity-feed/contracts';
import { DatabaseError, type Pool } from 'pg';
import { readStreamVersions } from './append-events';
import { type AnyKind, type AnyOutcome, carryOutTogether, DeadlinePassed, type Outcome } from './carry-out-together';
import type { CommandKind, StreamCommand } from './command-kind';
import { CommandQueue, type QueuedCommand } from './command-queue';
import { isPast } from './deadline';

/** Why a command was refused, unexecuted. */
export type Refusal = 'queue-full' | 'expired';

interface Waiting extends QueuedCommand {
  readonly kind: AnyKind;
  readonly resolve: (outcome: AnyOutcome) => void;
  readonly reject: (error: unknown) => void;
}

/** Data exceptions, violated constraints, and transactions that were in each other's way. */
const FAULTS_OF_SOME = new Set(['22', '23', '40']);

const TRANSACTION_TIMEOUT = '25P04';

/** Transactions at a time: while one waits for the disk, another can use the processor. */
const LANES = 2;
/** Commands in one transaction. */
const BATCH = 100;
/** Commands that wait at most: a second's worth where the write path has a core to itself. */
const MOST_WAITING = 2_000;
/** Of one stream, whose commands go one at a time: as many as can go within a deadline. Others have the rest. */
const MOST_OF_STREAM = 500;
/** Milliseconds that a command must have left when its transaction begins, so that few are rolled back for lateness. */
const MARGIN = 250;
/** Milliseconds between two searches for commands that have become too late while they wait. */
const SWEEP = 100;

const REFUSED: AnyOutcome & { kind: 'rejected' } = { kind: 'rejected', code: 'SERVICE_UNAVAILABLE' };

/**
 * Appends to the events table of one write service. Commands that come while transactions are under way go together in
 * the next one, so that the cost per command falls under load. What comes too late, or finds too many waiting, is
 * refused and not carried out: its sender gave up, and would otherwise repeat what is recorded after all.
 */
export class EventStore {
  private readonly queue = new CommandQueue<Waiting>();
  private running = 0;
  private sweeping: NodeJS.Timeout | undefined;

  constructor(
    private readonly pool: Pool,
    /** Called after each commit: wakes the relay of this process. */
    private readonly onRecorded: () => void,
    private readonly onRefused: (why: Refusal) => void = () => undefined,
  ) {}

  /** Commands that wait for a transaction. */
  get waiting(): number {
    return this.queue.size;
  }

  /**
   * Carries `command` out in a transaction; when it throws, nothing of it is recorded. It has its place among the
   * commands of its stream from now on, but waits there for `precondition`, which may resolve to an error code. That is
   * not asked for when the command is refused at once.
   */
  execute<Command extends StreamCommand, Facts, Event extends NewEvent>(
    kind: CommandKind<Command, Facts, Event>,
    command: Command,
    precondition?: () => Promise<ErrorCode | undefined>,
  ): Promise<Outcome<Event>> {
    return new Promise((resolve, reject) => {
      const waiting: Waiting = {
        kind: kind as unknown as AnyKind,
        command,
        state: 'gone',
        resolve: resolve as (outcome: AnyOutcome) => void,
        reject,
      };
      const refusal = this.refusalOf(command);
      if (refusal) {
        this.refuse(waiting, refusal);
        return;
      }
      this.add(waiting, precondition ? 'pending' : 'ready');
      precondition?.().then(
        (code) => this.settle(waiting, code),
        (error) => this.fail(waiting, error),
      );
    });
  }

  /** The version of the newest event of `stream`, 0 without any. */
  async version(stream: UserId): Promise<number> {
    return (await readStreamVersions(this.pool, [stream]))[0] as number;
  }

  private refusalOf(command: StreamCommand): Refusal | undefined {
    if (isPast(command)) return 'expired';
    const isFull = this.queue.size >= MOST_WAITING || this.queue.sizeOf(command.stream) >= MOST_OF_STREAM;
    return isFull ? 'queue-full' : undefined;
  }

  private add(waiting: Waiting, state: 'pending' | 'ready'): void {
    this.queue.add(Object.assign(waiting, { state }));
    this.sweeping ??= setTimeout(() => this.sweep(), SWEEP);
    this.runSoon();
  }

  private refuse(waiting: Waiting, why: Refusal): void {
    this.queue.drop(waiting);
    this.onRefused(why);
    waiting.resolve(REFUSED);
  }

  private settle(waiting: Waiting, code: ErrorCode | undefined): void {
    if (code) {
      this.queue.drop(waiting);
      waiting.resolve({ kind: 'rejected', code });
    } else this.queue.ready(waiting);
    this.runSoon();
  }

  private fail(waiting: Waiting, error: unknown): void {
    this.queue.drop(waiting);
    waiting.reject(error);
    this.runSoon();
  }

  /** Answers what has become too late behind transactions, or a precondition, that take long. */
  private sweep(): void {
    for (const waiting of [...this.queue.waiting()].filter(({ command }) => isPast(command))) {
      this.refuse(waiting, 'expired');
    }
    this.sweeping = this.queue.size > 0 ? setTimeout(() => this.sweep(), SWEEP) : undefined;
    this.run();
  }

  /** In the next turn, so that those which came in one read go together. */
  private runSoon(): void {
    setImmediate(() => this.run());
  }

  private run(): void {
    while (this.running < LANES) {
      const batch = this.queue.take(BATCH);
      if (batch.length === 0) return;
      this.running++;
      void this.carryOut(batch).then(() => {
        this.queue.done(batch);
        this.running--;
        this.run();
      });
    }
  }

  /** Never rejects. */
  private async carryOut(all: readonly Waiting[]): Promise<void> {
    const { late = [], batch = [] } = Object.groupBy(all, ({ command }) =>
      isPast(command, MARGIN) ? 'late' : 'batch',
    );
    for (const waiting of late) this.refuse(waiting, 'expired');
    if (batch.length === 0) return;
    try {
      const outcomes = await carryOutTogether(this.pool, batch);
      if (outcomes.some(({ kind }) => kind === 'recorded')) this.onRecorded();
      batch.forEach(({ resolve }, index) => {
        resolve(outcomes[index] as AnyOutcome);
      });
    } catch (error) {
      // Some are too late, and refused in the next attempt.
      if (isOfLate(error, batch)) await this.carryOut(batch);
      // One command's fault must not be another's; one of the database's is everybody's.
      else if (batch.length > 1 && isFaultOfOne(error)) for (const one of batch) await this.carryOut([one]);
      else for (const { reject } of batch) reject(error);
    }
  }
}

/** Whether the transaction was ended, and by the database with certainty, because some of `batch` have become too late. */
const isOfLate = (error: unknown, batch: readonly Waiting[]) =>
  error instanceof DeadlinePassed ||
  (error instanceof DatabaseError &&
    error.code === TRANSACTION_TIMEOUT &&
    batch.some(({ command }) => isPast(command)));

/** Whether the error lies in some of the commands, by the class of its SQLSTATE. */
const isFaultOfOne = (error: unknown) =>
  error instanceof DatabaseError && FAULTS_OF_SOME.has(error.code?.slice(0, 2) ?? '');

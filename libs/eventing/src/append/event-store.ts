import type { ErrorCode, NewEvent, StoredEvent, UserId } from '@activity-feed/contracts';
import { DatabaseError, type Pool } from 'pg';
import { readStreamVersions } from './append-events';
import { carryOutTogether, DeadlinePassed } from './carry-out-together';
import { type CommandKind, type StreamCommand, streamsOf } from './command-kind';
import { CommandQueue, type QueuedCommand } from './command-queue';
import { isPast } from './deadline';
import type { EventsTable } from './events-table.sql';
import { KeysInProgress } from './keys-in-progress';
import type { AnswerOf, AnyKind, AnyOutcome, Outcome, Replayed } from './outcome';

/** Why a command was refused without being carried out. */
export type Refusal = 'queue-full' | 'expired';

/** How a command ended. */
export type Ending = AnyOutcome['kind'] | 'refused' | 'failed';

/** By performance.now. The last transaction that it was part of; undefined if there was none. */
export interface CommandTimes {
  readonly arrivedAt: number;
  /** When its precondition was met. */
  readonly readyAt: number | undefined;
  readonly beganAt: number | undefined;
  readonly endedAt: number;
  /** Commands in its transaction. */
  readonly together: number;
}

/** For metrics, traces and log lines. */
export interface CommandObserver {
  refused(why: Refusal): void;
  /** Called with the name of the command's kind, and the milliseconds since the command came. */
  ended(name: string, ending: Ending, after: number): void;
  /** Called with a command that comes. The result is called when it has ended. */
  arrived(name: string, command: StreamCommand): ((ending: Ending, times: CommandTimes) => void) | undefined;
  /** The number of commands in a transaction that begins. */
  began(commands: number): void;
}

interface Waiting extends QueuedCommand {
  readonly kind: AnyKind;
  readonly answerOf: AnswerOf<NewEvent, unknown, unknown> | undefined;
  readonly resolve: (outcome: AnyOutcome) => void;
  readonly reject: (error: unknown) => void;
  readyAt?: number;
  beganAt?: number;
  together?: number;
}

/**
 * SQLSTATE classes of errors that a single command can cause: data exception, constraint violation, transaction
 * rollback.
 */
const COMMAND_ERRORS = new Set(['22', '23', '40']);

const TRANSACTION_TIMEOUT = '25P04';

/** Concurrent transactions: while one waits for the disk, the other can use the processor. Each has a connection. */
export const LANES = 2;
/** Maximum commands in one transaction. */
const BATCH = 100;
/** Maximum waiting commands: about one second of work for a core. */
const MAX_WAITING = 2_000;
/** Maximum waiting commands of one stream: they run one at a time, and more would miss their deadlines. */
const MAX_WAITING_PER_STREAM = 500;
/** Maximum waiting commands on the same several streams: nobody may fill the queue of another user's stream. */
const MAX_WAITING_TOGETHER = 20;
/** Milliseconds that a command must have left when its transaction begins, so that few transactions are rolled back. */
const MARGIN = 250;
/** Milliseconds between searches for waiting commands that have missed their deadline. */
const SWEEP_INTERVAL = 100;

const REFUSED: AnyOutcome & { kind: 'rejected' } = { kind: 'rejected', code: 'SERVICE_UNAVAILABLE' };
/** While an earlier command with the same idempotency key is in progress. */
const IN_USE: AnyOutcome & { kind: 'rejected' } = { kind: 'rejected', code: 'IDEMPOTENCY_KEY_IN_USE' };

/**
 * Appends to the events tables of one write service. Commands that arrive while transactions run share the next one, so
 * the cost per command falls under load. Commands that find the queue full are refused. So are late ones: their sender
 * has given up and may repeat them, and both would be recorded.
 */
export class EventStore {
  private readonly queue = new CommandQueue<Waiting>();
  private readonly keys = new KeysInProgress();
  private running = 0;
  private sweeping: NodeJS.Timeout | undefined;

  constructor(
    private readonly pool: Pool,
    /** Called after each commit: wakes the relays of this process. */
    private readonly onRecorded: (events: readonly StoredEvent[]) => void,
    private readonly observer: Partial<CommandObserver> = {},
    /** For reads that need no transaction, and must not take a connection from those that do. */
    private readonly readPool: Pool = pool,
  ) {}

  /** Number of commands that wait for a transaction. */
  get waiting(): number {
    return this.queue.size;
  }

  /**
   * Carries out `command` in a transaction; if it throws, nothing is recorded. The command takes its place among the
   * commands of its streams now, and runs once `precondition` has resolved to undefined; an error code rejects it.
   * `precondition` is not called if the command is refused at once. With an idempotency key, the command is carried out only
   * once: the value of the answer that `answerOf` makes is kept, and is the outcome of every repeat.
   */
  execute<Command extends StreamCommand, Facts, Event extends NewEvent, State>(
    kind: CommandKind<Command, Facts, Event, State>,
    command: Command,
    precondition?: () => Promise<ErrorCode | undefined>,
  ): Promise<Outcome<Event, State>>;
  execute<Command extends StreamCommand, Facts, Event extends NewEvent, State>(
    kind: CommandKind<Command, Facts, Event, State>,
    command: Command,
    precondition: (() => Promise<ErrorCode | undefined>) | undefined,
    answerOf: AnswerOf<Event, State, unknown>,
  ): Promise<Outcome<Event, State> | Replayed>;
  execute<Command extends StreamCommand, Facts, Event extends NewEvent, State>(
    kind: CommandKind<Command, Facts, Event, State>,
    command: Command,
    precondition?: () => Promise<ErrorCode | undefined>,
    answerOf?: AnswerOf<Event, State, unknown>,
  ): Promise<Outcome<Event, State> | Replayed> {
    return new Promise((resolve, reject) => {
      const arrivedAt = performance.now();
      const noteEnd = this.observer.arrived?.(kind.name, command);
      const end = (ending: Ending) => {
        this.keys.remove(command);
        const endedAt = performance.now();
        this.observer.ended?.(kind.name, ending, endedAt - arrivedAt);
        const { readyAt, beganAt, together = 0 } = waiting;
        noteEnd?.(ending, { arrivedAt, readyAt, beganAt, endedAt, together });
      };
      const waiting: Waiting = {
        kind: kind as unknown as AnyKind,
        command,
        answerOf: answerOf as AnswerOf<NewEvent, unknown, unknown> | undefined,
        state: 'gone',
        resolve: (outcome) => {
          end(outcome === REFUSED || outcome === IN_USE ? 'refused' : outcome.kind);
          resolve(outcome as Outcome<Event, State>);
        },
        reject: (error) => {
          end('failed');
          reject(error);
        },
      };
      this.keys.add(command);
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

  /** The version of the newest event of `stream`; 0 for an empty stream. */
  async version(stream: UserId, table: EventsTable = 'events'): Promise<number> {
    return (await readStreamVersions(this.readPool, table, [stream]))[0] as number;
  }

  private refusalOf(command: StreamCommand): Refusal | undefined {
    if (isPast(command)) return 'expired';
    const streams = streamsOf(command);
    const isBusy = (stream: UserId) => this.queue.sizeOf(stream) >= MAX_WAITING_PER_STREAM;
    const least = Math.min(...streams.map((stream) => this.queue.sizeOf(stream)));
    const isGreedy = streams.length > 1 && least >= MAX_WAITING_TOGETHER;
    return this.queue.size >= MAX_WAITING || isGreedy || streams.some(isBusy) ? 'queue-full' : undefined;
  }

  private add(waiting: Waiting, state: 'pending' | 'ready'): void {
    this.queue.add(Object.assign(waiting, { state }));
    this.sweeping ??= setTimeout(() => this.sweep(), SWEEP_INTERVAL);
    this.runSoon();
  }

  private refuse(waiting: Waiting, why: Refusal): void {
    this.queue.drop(waiting);
    this.observer.refused?.(why);
    waiting.resolve(why === 'expired' && this.keys.isBehind(waiting.command) ? IN_USE : REFUSED);
  }

  private settle(waiting: Waiting, code: ErrorCode | undefined): void {
    if (code) {
      this.queue.drop(waiting);
      waiting.resolve({ kind: 'rejected', code });
    } else {
      waiting.readyAt = performance.now();
      this.queue.ready(waiting);
    }
    this.runSoon();
  }

  private fail(waiting: Waiting, error: unknown): void {
    this.queue.drop(waiting);
    waiting.reject(error);
    this.runSoon();
  }

  /** Refuses commands that have missed their deadline behind slow transactions or a slow precondition. */
  private sweep(): void {
    for (const waiting of [...this.queue.waiting()].filter(({ command }) => isPast(command))) {
      this.refuse(waiting, 'expired');
    }
    this.sweeping = this.queue.size > 0 ? setTimeout(() => this.sweep(), SWEEP_INTERVAL) : undefined;
    this.run();
  }

  /** Waits for the end of the turn, so that commands from the same socket read share a transaction. */
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
    this.observer.began?.(batch.length);
    const beganAt = performance.now();
    for (const one of batch) Object.assign(one, { beganAt, together: batch.length });
    try {
      const outcomes = await carryOutTogether(this.pool, batch);
      const recorded = outcomes.flatMap((one) => (one.kind === 'recorded' ? [one.event, ...one.also] : []));
      if (recorded.length > 0) this.onRecorded(recorded);
      batch.forEach(({ resolve }, index) => {
        resolve(outcomes[index] as AnyOutcome);
      });
    } catch (error) {
      // The next attempt refuses the commands that are late.
      if (isCausedByDeadline(error, batch)) await this.carryOut(batch);
      // Retried one by one, so that one command's error does not fail the others.
      else if (batch.length > 1 && isCommandError(error)) for (const one of batch) await this.carryOut([one]);
      else for (const { reject } of batch) reject(error);
    }
  }
}

/** Whether the transaction certainly did not commit, because some of `batch` missed their deadline. */
const isCausedByDeadline = (error: unknown, batch: readonly Waiting[]) =>
  error instanceof DeadlinePassed ||
  (error instanceof DatabaseError &&
    error.code === TRANSACTION_TIMEOUT &&
    batch.some(({ command }) => isPast(command)));

const isCommandError = (error: unknown) =>
  error instanceof DatabaseError && COMMAND_ERRORS.has(error.code?.slice(0, 2) ?? '');

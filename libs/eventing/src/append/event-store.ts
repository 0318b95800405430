import type { ErrorCode, NewEvent, StoredEvent, UserId } from '@activity-feed/contracts';
import { DatabaseError, type Pool, type PoolClient, type QueryConfig } from 'pg';
import { appendEvents, readStreamVersions, sqlLockStreams } from './append-events';
import type { CommandKind, StreamCommand } from './command-kind';
import { CommandQueue } from './command-queue';
import type { Decision } from './decision';
import { type BeforeCommit, inTransaction } from './in-transaction';

export type Outcome<Event> =
  | { kind: 'recorded'; version: number; event: Event & StoredEvent }
  | { kind: 'unchanged'; version: number }
  | { kind: 'rejected'; code: ErrorCode };

type AnyKind = CommandKind<StreamCommand, unknown, NewEvent>;
type AnyOutcome = Outcome<NewEvent>;

interface Waiting {
  readonly kind: AnyKind;
  readonly command: StreamCommand;
  readonly resolve: (outcome: AnyOutcome) => void;
  readonly reject: (error: unknown) => void;
}

/** Data exceptions, violated constraints, and transactions that were in each other's way. */
const FAULTS_OF_SOME = new Set(['22', '23', '40']);

/** Transactions at a time: while one waits for the disk, another can use the processor. */
const LANES = 2;
/** Commands in one transaction. */
const BATCH = 100;

/**
 * Appends to the events table of one write service. Commands that come while transactions are under way go together in
 * the next one, so that a command costs the less the more there are.
 */
export class EventStore {
  private readonly queue = new CommandQueue<Waiting>();
  private running = 0;

  constructor(
    private readonly pool: Pool,
    /** Called after each commit: wakes the relay of this process. */
    private readonly onRecorded: () => void,
  ) {}

  /** Carries `command` out in a transaction; when it throws, nothing of it is recorded. */
  execute<Command extends StreamCommand, Facts, Event extends NewEvent>(
    kind: CommandKind<Command, Facts, Event>,
    command: Command,
  ): Promise<Outcome<Event>> {
    return new Promise((resolve, reject) => {
      const outcome = resolve as (outcome: AnyOutcome) => void;
      this.queue.add({ kind: kind as unknown as AnyKind, command, resolve: outcome, reject });
      // In the next turn, so that those which came in one read go together.
      setImmediate(() => this.run());
    });
  }

  /** The version of the newest event of `stream`, 0 without any. */
  async version(stream: UserId): Promise<number> {
    return (await readStreamVersions(this.pool, [stream]))[0] as number;
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
  private async carryOut(batch: readonly Waiting[]): Promise<void> {
    try {
      const outcomes = await this.inOneTransaction(batch);
      if (outcomes.some(({ kind }) => kind === 'recorded')) this.onRecorded();
      batch.forEach(({ resolve }, index) => {
        resolve(outcomes[index] as AnyOutcome);
      });
    } catch (error) {
      // One command's fault must not be another's; one of the database's is everybody's.
      if (batch.length > 1 && isFaultOfOne(error)) for (const one of batch) await this.carryOut([one]);
      else for (const { reject } of batch) reject(error);
    }
  }

  private inOneTransaction(batch: readonly Waiting[]): Promise<AnyOutcome[]> {
    const streams = batch.map(({ command }) => command.stream);
    const decideAndAppend = async (tx: PoolClient, beforeCommit: BeforeCommit) => {
      const decisions = await decideAll(tx, batch);
      const accepted = batch.flatMap((waiting) => {
        const decision = decisions.get(waiting);
        return decision?.kind === 'accepted' ? [{ waiting, event: decision.event }] : [];
      });
      const events = await append(tx, accepted);
      for (const statement of projections(events)) beforeCommit(statement);
      const unchanged = batch.filter((waiting) => decisions.get(waiting)?.kind === 'unchanged');
      const versions = await versionsOf(tx, unchanged);
      return batch.map((waiting): AnyOutcome => {
        const event = events.get(waiting);
        if (event) return { kind: 'recorded', version: event.version, event };
        const decision = decisions.get(waiting) as Exclude<Decision<NewEvent>, { kind: 'accepted' }>;
        if (decision.kind === 'rejected') return decision;
        return { kind: 'unchanged', version: versions.get(waiting) as number };
      });
    };
    return inTransaction(this.pool, decideAndAppend, sqlLockStreams(streams));
  }
}

/** Whether the error lies in some of the commands, by the class of its SQLSTATE. */
const isFaultOfOne = (error: unknown) =>
  error instanceof DatabaseError && FAULTS_OF_SOME.has(error.code?.slice(0, 2) ?? '');

async function decideAll(tx: PoolClient, batch: readonly Waiting[]): Promise<Map<Waiting, Decision<NewEvent>>> {
  const groups = [...Map.groupBy(batch, (waiting) => waiting.kind)];
  const facts = await Promise.all(
    groups.map(([kind, group]) =>
      kind.facts(
        tx,
        group.map(({ command }) => command),
      ),
    ),
  );
  const decisions = groups.flatMap(([kind, group], index) =>
    group.map((waiting, place) => [waiting, kind.decide(facts[index]?.[place], waiting.command)] as const),
  );
  return new Map(decisions);
}

async function append(
  tx: PoolClient,
  accepted: readonly { waiting: Waiting; event: NewEvent }[],
): Promise<Map<Waiting, NewEvent & StoredEvent>> {
  if (accepted.length === 0) return new Map();
  const unplaced = accepted.map(({ waiting: { command }, event }) => ({ ...command, event }));
  const events = await appendEvents(tx, unplaced);
  return new Map(accepted.map(({ waiting }, index) => [waiting, events[index] as NewEvent & StoredEvent]));
}

function projections(events: Map<Waiting, NewEvent & StoredEvent>): QueryConfig[] {
  const groups = Map.groupBy(events, ([waiting]) => waiting.kind);
  return [...groups].flatMap(
    ([kind, group]) => kind.project(group.map(([{ command }, event]) => ({ command, event }))) ?? [],
  );
}

async function versionsOf(tx: PoolClient, unchanged: readonly Waiting[]): Promise<Map<Waiting, number>> {
  if (unchanged.length === 0) return new Map();
  const versions = await readStreamVersions(
    tx,
    unchanged.map(({ command }) => command.stream),
  );
  return new Map(unchanged.map((waiting, index) => [waiting, versions[index] as number]));
}

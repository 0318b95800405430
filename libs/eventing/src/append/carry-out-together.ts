import { COMMIT_GRACE, type ErrorCode, type NewEvent, type StoredEvent } from '@activity-feed/contracts';
import type { Pool, PoolClient, QueryConfig } from 'pg';
import { appendEvents, readStreamVersions, sqlLockStreams } from './append-events';
import type { CommandKind, StreamCommand } from './command-kind';
import { deadlineOf, isPast } from './deadline';
import type { Decision } from './decision';
import { type BeforeCommit, inTransaction } from './in-transaction';

export type Outcome<Event, State = undefined> =
  | { kind: 'recorded'; version: number; event: Event & StoredEvent }
  | { kind: 'unchanged'; version: number; state: State }
  | { kind: 'rejected'; code: ErrorCode };

export type AnyKind = CommandKind<StreamCommand, unknown, NewEvent, unknown>;
export type AnyOutcome = Outcome<NewEvent, unknown>;

type AnyDecision = Decision<NewEvent, unknown>;

export interface Waiting {
  readonly kind: AnyKind;
  readonly command: StreamCommand;
}

/** Rolls back a transaction in which a command has missed its deadline. */
export class DeadlinePassed extends Error {}

/**
 * Carries out all commands of `batch`, which are on different streams, in one transaction. If one of them has an event
 * to record after its deadline, throws {@link DeadlinePassed} and records nothing.
 */
export function carryOutTogether(pool: Pool, batch: readonly Waiting[]): Promise<AnyOutcome[]> {
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
    if (accepted.some(({ waiting: { command } }) => isPast(command))) throw new DeadlinePassed();
    return batch.map((waiting): AnyOutcome => {
      const event = events.get(waiting);
      if (event) return { kind: 'recorded', version: event.version, event };
      const decision = decisions.get(waiting) as Exclude<AnyDecision, { kind: 'accepted' }>;
      if (decision.kind === 'rejected') return decision;
      return { ...decision, version: versions.get(waiting) as number };
    });
  };
  const first = sqlLockStreams(batch.map(({ command }) => command.stream));
  const deadline = Math.min(...batch.map(({ command }) => deadlineOf(command)));
  return inTransaction(pool, decideAndAppend, { first, until: deadline + COMMIT_GRACE });
}

async function decideAll(tx: PoolClient, batch: readonly Waiting[]): Promise<Map<Waiting, AnyDecision>> {
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

import { COMMIT_GRACE, type NewEvent, type StoredEvent } from '@activity-feed/contracts';
import type { Pool, PoolClient, QueryConfig } from 'pg';
import { appendEvents, lockStreams, readStreamVersions } from './append-events';
import { streamsOf } from './command-kind';
import { deadlineOf, isPast } from './deadline';
import type { Decision, FurtherEvent } from './decision';
import { type BeforeCommit, inTransaction } from './in-transaction';
import type { AnyOutcome, Waiting } from './outcome';
import { findRepeats, keepAnswers, NO_REPEATS } from './repeats';

type AnyDecision = Decision<NewEvent, unknown>;

/** Rolls back a transaction in which a command has missed its deadline. */
export class DeadlinePassed extends Error {}

/**
 * Carries out all commands of `batch`, no two of which are on the same stream, in one transaction. If one of them has an event
 * to record after its deadline, throws {@link DeadlinePassed} and records nothing.
 */
export function carryOutTogether(pool: Pool, batch: readonly Waiting[]): Promise<AnyOutcome[]> {
  const decideAndAppend = async (tx: PoolClient, beforeCommit: BeforeCommit) => {
    const isKeyed = batch.some(({ command }) => command.idempotency);
    const [repeats, decisions] = await Promise.all([
      isKeyed ? findRepeats(tx, batch) : NO_REPEATS,
      decideAll(tx, batch),
    ]);
    for (const waiting of repeats.keys()) decisions.delete(waiting);
    const accepted = batch.flatMap((waiting) => {
      const decision = decisions.get(waiting);
      return decision?.kind === 'accepted' ? [{ waiting, event: decision.event, also: decision.also ?? [] }] : [];
    });
    const recorded = await append(tx, accepted);
    for (const statement of projections(recorded)) beforeCommit(statement);
    const unchanged = batch.filter((waiting) => decisions.get(waiting)?.kind === 'unchanged');
    const versions = await versionsOf(tx, unchanged);
    if (accepted.some(({ waiting: { command } }) => isPast(command))) throw new DeadlinePassed();
    const outcomes = batch.map((waiting): AnyOutcome => {
      const repeat = repeats.get(waiting);
      if (repeat) return repeat;
      const events = recorded.get(waiting);
      if (events) return { kind: 'recorded', version: events.event.version, ...events };
      const decision = decisions.get(waiting) as Exclude<AnyDecision, { kind: 'accepted' }>;
      if (decision.kind === 'rejected') return decision;
      return { ...decision, version: versions.get(waiting) as number };
    });
    const keep = isKeyed ? await keepAnswers(batch, outcomes) : undefined;
    if (keep) beforeCommit(keep);
    return outcomes;
  };
  const first = lockStreams(batch.flatMap(({ command }) => streamsOf(command)));
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

/** The events of a command. */
interface Events {
  readonly event: StoredEvent;
  readonly also: readonly StoredEvent[];
}

async function append(
  tx: PoolClient,
  accepted: readonly { waiting: Waiting; event: NewEvent; also: readonly FurtherEvent[] }[],
): Promise<Map<Waiting, Events>> {
  if (accepted.length === 0) return new Map();
  const unplaced = accepted.flatMap(({ waiting: { command }, event, also }) =>
    [{ stream: command.stream, event }, ...also].map((one) => ({ ...one, traceparent: command.traceparent })),
  );
  const events = (await appendEvents(tx, unplaced)).values();
  const next = () => events.next().value as StoredEvent;
  return new Map(accepted.map(({ waiting, also }) => [waiting, { event: next(), also: also.map(next) }]));
}

function projections(recorded: Map<Waiting, Events>): QueryConfig[] {
  const groups = Map.groupBy(recorded, ([waiting]) => waiting.kind);
  return [...groups].flatMap(
    ([kind, group]) => kind.project(group.map(([{ command }, events]) => ({ command, ...events }))) ?? [],
  );
}

async function versionsOf(tx: PoolClient, unchanged: readonly Waiting[]): Promise<Map<Waiting, number>> {
  if (unchanged.length === 0) return new Map();
  const tables = [...Map.groupBy(unchanged, ({ kind: { table = 'events' } }) => table)];
  const versions = await Promise.all(
    tables.map(async ([table, group]) => {
      const streams = group.map(({ command }) => command.stream);
      const found = await readStreamVersions(tx, table, streams);
      return group.map((waiting, index) => [waiting, found[index] as number] as const);
    }),
  );
  return new Map(versions.flat());
}

import type { Idempotency, NewEvent, StoredEvent, UserId } from '@activity-feed/contracts';
import type { PoolClient, QueryConfig } from 'pg';
import type { Decision } from './decision';
import type { EventsTable } from './events-table.sql';

/** A command on one stream, usually that of its actor. */
export interface StreamCommand {
  readonly stream: UserId;
  /** Further streams that it may append to. All are locked while it is carried out. */
  readonly alsoOn?: readonly UserId[] | undefined;
  readonly traceparent?: string | undefined;
  /** By `performance.now()`; after that moment the command must not be recorded. */
  readonly deadline?: { readonly at: number } | undefined;
  /** The caller's stream is locked too, so that the commands of a caller run one after another. */
  readonly idempotency?: Idempotency | undefined;
}

export function streamsOf({ stream, alsoOn = [], idempotency }: StreamCommand): readonly UserId[] {
  const streams = [stream, ...alsoOn];
  return idempotency && !streams.includes(idempotency.caller) ? [...streams, idempotency.caller] : streams;
}

/**
 * How commands of one kind are carried out, after their streams are locked and before the commit. One transaction may
 * contain several commands, each on different streams.
 */
export interface CommandKind<Command extends StreamCommand, Facts, Event extends NewEvent, State = undefined> {
  /** Of the command, for metrics: the pattern of its message. */
  readonly name: string;
  /** The table of `Event`; `events` if undefined. */
  readonly table?: EventsTable;
  /** Reads the facts for each command, in the order of `commands`. The streams are locked. */
  facts(tx: PoolClient, commands: readonly Command[]): Promise<Facts[]>;
  decide(facts: Facts, command: Command): Decision<Event, State>;
  /** The statement that updates inline projections in the same transaction, if there are any. */
  project(recorded: readonly Recorded<Command, Event>[]): QueryConfig | undefined;
}

export interface Recorded<Command, Event> {
  readonly command: Command;
  readonly event: Event & StoredEvent;
  /** Further events, in the order of the decision. */
  readonly also: readonly StoredEvent[];
}

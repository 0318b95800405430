import type { NewEvent, StoredEvent, UserId } from '@activity-feed/contracts';
import type { PoolClient, QueryConfig } from 'pg';
import type { Decision } from './decision';

/** A command on the stream of its actor. */
export interface StreamCommand {
  readonly stream: UserId;
  readonly traceparent?: string | undefined;
  /** The moment of `performance.now()` after which it must not be recorded any more. */
  readonly deadline?: { readonly at: number } | undefined;
}

/**
 * How commands of one kind are carried out: everything between taking their streams' locks and the commit. Several may
 * go together in one transaction, each on a stream of its own.
 */
export interface CommandKind<Command extends StreamCommand, Facts, Event extends NewEvent> {
  /** Reads what the decisions need, under the streams' locks; one for each command, in their order. */
  facts(tx: PoolClient, commands: readonly Command[]): Promise<Facts[]>;
  decide(facts: Facts, command: Command): Decision<Event>;
  /** The statement that updates the inline projections in the events' transaction, where there are any. */
  project(recorded: readonly Recorded<Command, Event>[]): QueryConfig | undefined;
}

/** A command with the event that was recorded of it. */
export interface Recorded<Command, Event> {
  readonly command: Command;
  readonly event: Event & StoredEvent;
}

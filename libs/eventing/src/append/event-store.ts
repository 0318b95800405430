import type { ErrorCode, NewEvent, StoredEvent, UserId } from '@activity-feed/contracts';
import type { Pool, PoolClient } from 'pg';
import { appendEvent, readStreamVersion, sqlLockStream } from './append-event';
import type { Decision } from './decision';
import { inTransaction } from './in-transaction';

/** A command as the store carries it out: everything between taking the stream's lock and the commit. */
export interface StreamCommand<Facts, Event extends NewEvent> {
  stream: UserId;
  traceparent?: string | undefined;
  /** Reads what the decision needs, under the stream's lock. */
  facts(tx: PoolClient): Promise<Facts>;
  decide(facts: Facts): Decision<Event>;
  /** Updates the inline projections in the event's transaction. */
  project(tx: PoolClient, event: Event & StoredEvent): Promise<void>;
}

export type Outcome<Event> =
  | { kind: 'recorded'; version: number; event: Event & StoredEvent }
  | { kind: 'unchanged'; version: number }
  | { kind: 'rejected'; code: ErrorCode };

/** Appends to the events table of one write service, one stream at a time. */
export class EventStore {
  constructor(
    private readonly pool: Pool,
    /** Called after each commit: wakes the relay of this process. */
    private readonly onRecorded: () => void,
  ) {}

  /** Runs `command` in one transaction; when it throws, nothing is recorded. */
  async execute<Facts, Event extends NewEvent>(command: StreamCommand<Facts, Event>): Promise<Outcome<Event>> {
    const { stream, traceparent } = command;
    const decideAndAppend = async (tx: PoolClient): Promise<Outcome<Event>> => {
      const decision = command.decide(await command.facts(tx));
      if (decision.kind === 'rejected') return decision;
      if (decision.kind === 'unchanged') return { kind: 'unchanged', version: await readStreamVersion(tx, stream) };
      const event = await appendEvent(tx, stream, decision.event, { traceparent });
      await command.project(tx, event);
      return { kind: 'recorded', version: event.version, event };
    };
    const outcome = await inTransaction(this.pool, decideAndAppend, sqlLockStream(stream));
    if (outcome.kind === 'recorded') this.onRecorded();
    return outcome;
  }

  /** The version of the newest event of `stream`, 0 without any. */
  version(stream: UserId): Promise<number> {
    return readStreamVersion(this.pool, stream);
  }
}

import { advisoryLock } from '@activity-feed/contracts';
import { Client, type ClientConfig } from 'pg';
import type { EventsTable } from '../append/events-table.sql';
import { atMost } from '../at-most';
import { CONNECT_LIMITS } from '../connect-limits';
import type { Log } from '../log';
import { severityOf, WrongPartitions } from '../wrong-partitions';
import type { EventPublisher, OpenPublisher } from './event-publisher';
import { loadCursor, loadPartitions, type OutboxBatch, readOutbox, storeCursor } from './outbox';
import { WakeSignal } from './wake-signal';

export interface RelayOptions {
  /** The database with the events; the relay opens its own connection. */
  database: ClientConfig;
  topic: string;
  /** The table of the topic's events; `events` if undefined. */
  table?: EventsTable;
  openPublisher: OpenPublisher;
  log: Log;
  /** Maximum events in one send. */
  batchSize?: number;
  /** Milliseconds between checks for events that other instances have recorded. */
  pollInterval?: number;
  /** Milliseconds between attempts to become the leader. */
  standbyInterval?: number;
}

export type RelayState = 'stopped' | 'standby' | 'leading' | 'failing';

/** Milliseconds that `stop` waits for the broker. */
const STOP_LIMIT = 500;

/** Maximum milliseconds between a failure and the next attempt. */
const MAX_PAUSE = 1_000;

/** Milliseconds between sends, unless the next batch is already full. */
const SEND_INTERVAL = 10;

const LEADER_LOCK = `SELECT pg_try_advisory_lock(${advisoryLock('relay')}) AS leading`;

/**
 * Publishes committed events to their topic, at least once and in transaction order. One relay per topic is the leader:
 * it holds a session-level advisory lock. It reads events and stores its cursor in the same session, so a relay that
 * has lost the lock cannot move the cursor.
 */
export class Relay {
  state: RelayState = 'stopped';
  private readonly committed = new WakeSignal();
  /** Ends pauses that a commit must not end: between sends and after failures. */
  private readonly stopped = new WakeSignal();
  private running: Promise<void> | undefined;
  private stopping = false;

  constructor(private readonly options: RelayOptions) {}

  start(): void {
    this.stopping = false;
    this.running ??= this.run();
  }

  /** Throws unless this relay is the leader or on standby behind another. */
  async assertWorking(): Promise<void> {
    if (this.state !== 'leading' && this.state !== 'standby') throw new Error(`the relay is ${this.state}`);
  }

  /** Call after an event has been committed. */
  wake(): void {
    this.committed.ring();
  }

  /**
   * Resolves when the current batch is sent and the connections are closed, or after a time limit if the broker does
   * not answer. The batch may then be sent again by the next leader.
   */
  async stop(): Promise<void> {
    this.stopping = true;
    this.committed.ring();
    this.stopped.ring();
    if (this.running) await atMost(STOP_LIMIT, this.running);
    this.running = undefined;
    this.state = 'stopped';
  }

  private async run(): Promise<void> {
    for (let failures = 0; !this.stopping; ) {
      try {
        await this.lead(() => {
          failures = 0;
        });
      } catch (error) {
        this.state = 'failing';
        const { log, topic } = this.options;
        log[severityOf(error)]({ err: error, topic }, 'relay failed; retrying');
        await this.stopped.wait(Math.min(100 * 2 ** failures++, MAX_PAUSE));
      }
    }
  }

  private async lead(onSent: () => void): Promise<void> {
    const client = new Client({
      ...CONNECT_LIMITS,
      query_timeout: 10_000,
      ...this.options.database,
    });
    client.on('error', () => this.committed.ring());
    let publisher: EventPublisher | undefined;
    try {
      await client.connect();
      // A crash of the database may lose the latest cursor; its events are then sent again.
      await client.query('SET synchronous_commit = off');
      if (!(await this.becomeLeader(client))) return;
      publisher = await this.options.openPublisher();
      await this.assertPartitions(client, publisher);
      this.state = 'leading';
      this.options.log.info({ topic: this.options.topic }, 'relay became the leader; sending events');
      await this.send(client, publisher, onSent);
    } finally {
      await publisher?.close().catch(() => undefined);
      await client.end().catch(() => undefined);
    }
  }

  private async becomeLeader(client: Client): Promise<boolean> {
    for (; !this.stopping; await this.stopped.wait(this.options.standbyInterval ?? 1_000)) {
      const { rows } = await client.query<{ leading: boolean }>(LEADER_LOCK, [this.options.topic]);
      if (rows[0]?.leading) return true;
      this.state = 'standby';
    }
    return false;
  }

  private async assertPartitions(client: Client, { partitions }: EventPublisher): Promise<void> {
    const { topic } = this.options;
    WrongPartitions.assertUnchanged(topic, partitions, (await loadPartitions(client, topic)) ?? partitions);
  }

  private async send(client: Client, publisher: EventPublisher, onSent: () => void): Promise<void> {
    const { topic, table = 'events', batchSize = 1_000, pollInterval = 100 } = this.options;
    let cursor = await loadCursor(client, topic);
    // Reads the next batch while the current one is being sent.
    let next: Promise<OutboxBatch | undefined> | undefined;
    while (!this.stopping) {
      const batch = await (next ?? readOutbox(client, table, cursor, batchSize));
      next = undefined;
      if (!batch) {
        await this.committed.wait(pollInterval);
        continue;
      }
      const sendingAt = performance.now();
      if (batch.hasMore) next = readOutbox(client, table, batch.cursor, batchSize);
      // Not awaited if sending fails; its rejection must not be unhandled then.
      next?.catch(() => undefined);
      await publisher.publish(batch.messages);
      // After a crash here the batch is sent again; consumers detect duplicates by stream and version.
      await storeCursor(client, topic, batch.cursor, publisher.partitions);
      cursor = batch.cursor;
      onSent();
      // A single event is sent at once; under load, events of one interval share a send.
      const rest = sendingAt + SEND_INTERVAL - performance.now();
      if (!next && rest > 0) await this.stopped.wait(rest);
    }
  }
}

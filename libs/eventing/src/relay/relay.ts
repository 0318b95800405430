import { advisoryLock } from '@activity-feed/contracts';
import { Client, type ClientConfig } from 'pg';
import { atMost } from '../at-most';
import { CONNECT_LIMITS } from '../connect-limits';
import type { Log } from '../log';
import { severityOf, WrongPartitions } from '../wrong-partitions';
import type { EventPublisher, OpenPublisher } from './event-publisher';
import { loadCursor, loadPartitions, type OutboxBatch, readOutbox, storeCursor } from './outbox';
import { WakeSignal } from './wake-signal';

export interface RelayOptions {
  /** Connection of the database that holds the events; the relay opens one of its own. */
  database: ClientConfig;
  topic: string;
  openPublisher: OpenPublisher;
  log: Log;
  /** Events in one send. */
  batchSize?: number;
  /** Milliseconds until a relay that nobody wakes looks for other instances' events. */
  pollInterval?: number;
  /** Milliseconds until a relay that is not the leader tries again. */
  standbyInterval?: number;
}

export type RelayState = 'stopped' | 'standby' | 'leading' | 'failing';

/** Milliseconds for which a stop waits for the broker. */
const STOP_LIMIT = 500;

/** Milliseconds from a failure to the next attempt at most: what is committed waits for it. */
const MAX_PAUSE = 1_000;

/** Milliseconds from one send to the next, unless more is waiting than goes into one. */
const SEND_INTERVAL = 10;

const LEADER_LOCK = `SELECT pg_try_advisory_lock(${advisoryLock('relay')}) AS leading`;

/**
 * Sends committed events to their topic, at least once and in the order of their transactions. Of all relays of a
 * topic one leads, by a session's advisory lock; its reads and its cursor use that same session, so a relay that has
 * lost the lock cannot move the cursor.
 */
export class Relay {
  state: RelayState = 'stopped';
  private readonly committed = new WakeSignal();
  /** Ends the waits that no commit may cut short: those for a turn and after a failure. */
  private readonly stopped = new WakeSignal();
  private running: Promise<void> | undefined;
  private stopping = false;

  constructor(private readonly options: RelayOptions) {}

  start(): void {
    this.stopping = false;
    this.running ??= this.run();
  }

  /** Throws while neither this relay leads nor, for all that it knows, another. */
  async assertWorking(): Promise<void> {
    if (this.state !== 'leading' && this.state !== 'standby') throw new Error(`the relay is ${this.state}`);
  }

  /** Says that an event was committed. */
  wake(): void {
    this.committed.ring();
  }

  /**
   * Resolves when the batch under way is sent and nothing is held any more; or after a moment, when the broker does not
   * answer: what it may have is then sent again.
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
      // A cursor that a crash takes back sends some events again, as every death between sending and storing does.
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
    const { topic, batchSize = 1_000, pollInterval = 100 } = this.options;
    let cursor = await loadCursor(client, topic);
    // The batch after the one that is being sent, read meanwhile.
    let next: Promise<OutboxBatch | undefined> | undefined;
    while (!this.stopping) {
      const batch = await (next ?? readOutbox(client, cursor, batchSize));
      next = undefined;
      if (!batch) {
        await this.committed.wait(pollInterval);
        continue;
      }
      const sendingAt = performance.now();
      if (batch.hasMore) next = readOutbox(client, batch.cursor, batchSize);
      // Awaited in the next turn, or never when sending fails.
      next?.catch(() => undefined);
      await publisher.publish(batch.messages);
      // A death here sends the batch again; consumers know a repeat by stream and version.
      await storeCursor(client, topic, batch.cursor, publisher.partitions);
      cursor = batch.cursor;
      onSent();
      // When there is much to tell, it is told in batches; what comes alone is told at once.
      const rest = sendingAt + SEND_INTERVAL - performance.now();
      if (!next && rest > 0) await this.stopped.wait(rest);
    }
  }
}

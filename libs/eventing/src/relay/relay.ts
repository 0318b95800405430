import { advisoryLock } from '@activity-feed/contracts';
import { Client, type ClientBase } from 'pg';
import { atMost } from '../at-most';
import { CONNECT_LIMITS } from '../connect-limits';
import { severityOf, WrongPartitions } from '../wrong-partitions';
import { CommittedEvents, type Place } from './committed-events';
import type { EventPublisher, OutgoingMessage } from './event-publisher';
import { type OutboxBatch, readOutbox } from './outbox';
import { type RelayLag, readLag } from './relay-lag';
import type { RelayOptions } from './relay-options';
import { SendPace } from './send-pace';
import { loadCursor, loadPartitions, type RelayCursor, StoredCursor } from './stored-cursor';
import { WakeSignal } from './wake-signal';

export type RelayState = 'stopped' | 'standby' | 'leading' | 'failing';

/** Milliseconds that `stop` waits for the broker. */
const STOP_LIMIT = 500;

/** Maximum milliseconds between a failure and the next attempt. */
const MAX_PAUSE = 1_000;

/** Payload of a notification: a read waits for the events. */
const HURRY = 'hurry';

/** Milliseconds until committed events that are above the horizon are looked for again: at first, and at most. */
const HORIZON = { first: 10, most: 100 };
/** Milliseconds for which they are; longer than a transaction of the services takes. */
const EXPECTED_FOR = 5_000;

/** Milliseconds between notifications of the leader. */
const NOTIFY_INTERVAL = 10;

const LEADER_LOCK = `SELECT pg_try_advisory_lock(${advisoryLock('relay')}) AS leading`;

/** The channel on which instances on standby notify the leader that they have recorded events. */
const channelOf = (topic: string) => `relay of ${topic}`;

/**
 * Publishes committed events to their topic, at least once and in transaction order. One relay per topic is the leader:
 * it holds a session-level advisory lock. It reads events and stores its cursor in the same session, so a relay that
 * has lost the lock cannot move the cursor.
 */
export class Relay {
  state: RelayState = 'stopped';
  private readonly unsent = new CommittedEvents();
  /** While it is the leader. */
  private cursor: StoredCursor | undefined;
  /** Until when there may be events that were committed elsewhere, or before this relay became the leader, above the horizon. */
  private expectUntil = Number.NEGATIVE_INFINITY;
  private readonly committed = new WakeSignal();
  private readonly pace: SendPace;
  /** Ends pauses that a commit must not end. */
  private readonly stopped = new WakeSignal();
  private running: Promise<void> | undefined;
  private stopping = false;

  constructor(private readonly options: RelayOptions) {
    this.pace = new SendPace(options.pace);
  }

  get topic(): string {
    return this.options.topic;
  }

  /** What the topic lacks; undefined if another relay is the leader. */
  async lag(client: Pick<ClientBase, 'query'>): Promise<RelayLag | undefined> {
    if (this.state === 'standby' || this.state === 'stopped') return undefined;
    const { topic, table = 'events' } = this.options;
    return readLag(client, table, this.cursor?.sent ?? (await loadCursor(client, topic)));
  }

  start(): void {
    this.stopping = false;
    this.running ??= this.run();
  }

  /** Throws unless this relay is the leader or on standby behind another. */
  async assertWorking(): Promise<void> {
    if (this.state !== 'leading' && this.state !== 'standby') throw new Error(`the relay is ${this.state}`);
  }

  /** Call after events have been committed to the relay's table. */
  wake(events: Iterable<Place>): void {
    if (this.state === 'leading') this.unsent.add(events);
    this.committed.ring();
  }

  /** Call when a read waits for events that have been committed: they are not gathered any longer. */
  hurry(): void {
    this.pace.hurry();
    // On standby, the leader is notified.
    if (this.state === 'standby') this.committed.ring();
  }

  /**
   * Resolves when the current batch is sent and the connections are closed, or after a time limit if the broker does
   * not answer. The batch may then be sent again by the next leader.
   */
  async stop(): Promise<void> {
    this.stopping = true;
    this.committed.ring();
    this.pace.stop();
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
    client.on('notification', ({ payload }) => {
      this.expectUntil = performance.now() + EXPECTED_FOR;
      this.committed.ring();
      if (payload === HURRY) this.pace.hurry();
    });
    let publisher: EventPublisher | undefined;
    try {
      await client.connect();
      // A crash of the database may lose the latest cursor; its events are then sent again.
      await client.query('SET synchronous_commit = off');
      // Plans that are kept would be those for a table that may have been empty: then each read would sort the whole table.
      await client.query('SET plan_cache_mode = force_custom_plan');
      if (!(await this.becomeLeader(client))) return;
      await client.query(`LISTEN ${client.escapeIdentifier(channelOf(this.options.topic))}`);
      publisher = await this.options.openPublisher();
      await this.assertPartitions(client, publisher);
      // Events that are committed before are read from the cursor on.
      this.unsent.forget();
      this.expectUntil = performance.now() + EXPECTED_FOR;
      this.state = 'leading';
      this.options.log.info({ topic: this.options.topic }, 'relay became the leader; sending events');
      await this.send(client, publisher, onSent);
    } finally {
      await publisher?.close().catch(() => undefined);
      await client.end().catch(() => undefined);
    }
  }

  private async becomeLeader(client: Client): Promise<boolean> {
    const { topic, standbyInterval = 1_000 } = this.options;
    while (!this.stopping) {
      const { rows } = await client.query<{ leading: boolean }>(LEADER_LOCK, [topic]);
      if (rows[0]?.leading) return true;
      this.state = 'standby';
      await this.standBy(client, standbyInterval);
    }
    return false;
  }

  /** Notifies the leader when this process commits. `NOTIFY` in the transactions themselves would make them wait for each other. */
  private async standBy(client: Client, milliseconds: number): Promise<void> {
    const end = performance.now() + milliseconds;
    for (let left = milliseconds; left > 0 && !this.stopping; left = end - performance.now()) {
      if (!(await this.committed.wait(left)) || this.stopping) continue;
      const payload = this.pace.takeHurry() ? HURRY : '';
      await client.query('SELECT pg_notify($1, $2)', [channelOf(this.options.topic), payload]);
      await this.stopped.wait(NOTIFY_INTERVAL);
    }
  }

  private async assertPartitions(client: Client, { partitions }: EventPublisher): Promise<void> {
    const { topic } = this.options;
    WrongPartitions.assertUnchanged(topic, partitions, (await loadPartitions(client, topic)) ?? partitions);
  }

  private async send(client: Client, publisher: EventPublisher, onSent: () => void): Promise<void> {
    const { topic, table = 'events', batchSize = 1_000 } = this.options;
    const cursor = new StoredCursor(client, topic, publisher.partitions, await loadCursor(client, topic));
    this.cursor = cursor;
    const read = (after: RelayCursor) => readOutbox(client, table, after, batchSize);
    try {
      // Reads the next batch while the current one is being sent.
      let next: Promise<OutboxBatch | undefined> | undefined;
      for (let empty = 0; !this.stopping; ) {
        if (!next) {
          this.committed.reset();
          this.pace.takeHurry();
        }
        const batch = await (next ?? read(cursor.sent));
        const sendingAt = performance.now();
        next = batch?.hasMore ? read(batch.cursor) : undefined;
        // Not awaited if sending fails; its rejection must not be unhandled then.
        next?.catch(() => undefined);
        if (batch) {
          await this.publish(publisher, batch.messages);
          this.unsent.noteSent(batch.places);
          cursor.moveTo(batch.cursor);
          onSent();
          this.options.onSent?.(topic, batch.messages.length);
        }
        await cursor.storeIfDue();
        if (next) continue;
        if (batch) await this.pace.after(sendingAt, batch.messages.length);
        empty = batch ? 0 : empty + 1;
        await this.untilMore(cursor, empty);
      }
    } finally {
      this.cursor = undefined;
      await cursor.store().catch(() => undefined);
    }
  }

  private async publish(publisher: EventPublisher, messages: OutgoingMessage[]): Promise<void> {
    const noteSent = this.options.onSending?.(this.options.topic, messages);
    try {
      await publisher.publish(messages);
      noteSent?.();
    } catch (error) {
      noteSent?.(error);
      throw error;
    }
  }

  /** Waits for events to read. `empty`: how often in succession there were none. */
  private async untilMore(cursor: StoredCursor, empty: number): Promise<void> {
    const { pollInterval = 1_000 } = this.options;
    const now = performance.now();
    this.unsent.forgetOld(now - EXPECTED_FOR);
    const isExpecting = !this.unsent.areSent || now < this.expectUntil;
    const end = now + (isExpecting ? Math.min(HORIZON.first * 2 ** empty, HORIZON.most) : pollInterval);
    while (!this.stopping && !(await this.committed.wait(Math.min(end, cursor.dueAt) - performance.now()))) {
      await cursor.storeIfDue();
      if (performance.now() >= end) return;
    }
  }
}

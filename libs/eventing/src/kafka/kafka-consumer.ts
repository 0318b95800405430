import { setTimeout as pause } from 'node:timers/promises';
import type { Consumer, EachBatchPayload, Kafka, KafkaJSError, KafkaMessage } from 'kafkajs';
import { atMost } from '../at-most';
import type { BatchConsumer, BatchReader, PartitionPlace, ReceivedMessage } from '../consume/batch-consumer';
import type { Log } from '../log';
import { severityOf } from '../wrong-partitions';
import { connectKafka, type KafkaSettings } from './connection';
import { ensureTopics } from './ensure-topics';
import { GroupMembership } from './group-membership';
import { LogLost, readLogEnds } from './log-ends';
import { ShownOffsets } from './shown-offsets';

export interface KafkaConsumerOptions {
  /** Called when the consumer cannot recover; the process should exit and be restarted. */
  onCrash(error: Error): void;
  /**
   * Milliseconds without a heartbeat after which the broker reassigns the partitions. A process that is killed and
   * restarted waits this long for its partitions.
   */
  sessionTimeout: number;
  /** Partitions that are read concurrently. */
  concurrency: number;
  /**
   * While there are messages, a fetch returns after `minBytes` or `maxWait` milliseconds; by default with the first
   * message.
   */
  fetch?: { minBytes: number; maxWait: number };
  /** Whether to commit offsets to Kafka now and then. They are only for its tools to show; reading ignores them. */
  commitOffsets: boolean;
}

const AT_ONCE = { minBytes: 1, maxWait: 100 };
/** Heartbeats per session timeout. */
const BEATS = 10;
/** Milliseconds that a rebalance waits for a member that is handling a batch. */
const REBALANCE_TIMEOUT = 60_000;
/** Milliseconds for a member to join; longer than a rebalance waits for the other members. */
const JOIN_TIMEOUT = 2 * REBALANCE_TIMEOUT;

/** Milliseconds that `stop` waits for the broker. */
const LEAVE_LIMIT = 500;

/** Reads whole batches for `reader`, starting from the reader's own offsets instead of the group's. */
export class KafkaConsumer implements BatchConsumer {
  private consumer: Consumer | undefined;
  private membership: GroupMembership | undefined;
  private shown: ShownOffsets | undefined;
  private readonly underWay = new Set<Promise<bigint>>();
  private readonly stopping = new AbortController();

  constructor(
    private readonly settings: KafkaSettings,
    private readonly reader: BatchReader,
    private readonly log: Log,
    private readonly options: KafkaConsumerOptions,
  ) {}

  get reading(): boolean {
    return this.membership?.alive ?? false;
  }

  get receiving(): boolean {
    return this.membership?.receiving ?? false;
  }

  /** Resolves when reading has begun; retries while the broker is unavailable or not ready. */
  async start(): Promise<void> {
    const kafka = connectKafka(this.settings, this.log);
    for (let failures = 0; !this.stopped; failures++) {
      try {
        await this.reader.checkTopics?.(await ensureTopics(kafka, this.settings, this.reader.topics));
        // Stopped in the meantime: nothing would close what `run` opens.
        if (this.stopped) return;
        return await this.run(kafka);
      } catch (error) {
        this.shown?.close();
        this.membership?.close();
        await this.consumer?.disconnect().catch(() => undefined);
        if (this.stopped) return;
        this.log[severityOf(error)]({ err: error }, 'consumer could not start; retrying');
        await this.wait(Math.min(100 * 2 ** failures, 3_000));
      }
    }
  }

  /** Resolves when the current batches are read and the group is left, or after a time limit. */
  async stop(): Promise<void> {
    this.stopping.abort();
    this.shown?.close();
    this.membership?.close();
    const left = this.consumer?.disconnect().catch(() => undefined);
    await Promise.allSettled(this.underWay);
    if (left) await atMost(LEAVE_LIMIT, left);
  }

  private async run(kafka: Kafka): Promise<void> {
    const { sessionTimeout, concurrency, commitOffsets, onCrash, fetch = AT_ONCE } = this.options;
    const consumer = kafka.consumer({
      groupId: this.settings.prefix + this.reader.groupId,
      sessionTimeout,
      heartbeatInterval: sessionTimeout / BEATS,
      rebalanceTimeout: REBALANCE_TIMEOUT,
      minBytes: fetch.minBytes,
      maxWaitTimeInMs: fetch.maxWait,
      ...(this.reader.ownGroup && { retry: { restartOnFailure: async () => false } }),
    });
    this.consumer = consumer;
    await consumer.connect();
    if (this.stopped) return consumer.disconnect();
    await consumer.subscribe({ topics: this.reader.topics.map((topic) => this.named(topic)), fromBeginning: true });
    this.membership = new GroupMembership(consumer, {
      sessionTimeout,
      joinTimeout: JOIN_TIMEOUT,
      onJoin: (assignment) => void this.seekAssigned(assignment).catch(onCrash),
      onCrash: (error) => this.crashed(error),
    });
    this.shown = commitOffsets ? new ShownOffsets(consumer, () => this.reading) : undefined;
    await consumer.run({
      eachBatchAutoResolve: false,
      autoCommit: false,
      partitionsConsumedConcurrently: concurrency,
      eachBatch: (payload) => this.readBatch(payload),
    });
    if (!this.stopped) return;
    this.membership.close();
    await consumer.disconnect();
  }

  /** kafkajs would rejoin the same group and wait for its old membership to expire; a new group has no members. */
  private crashed(error: Error): void {
    if (this.stopped) return;
    if (!this.reader.ownGroup || !isRetriable(error)) {
      this.options.onCrash(error);
      return;
    }
    this.log.warn({ err: error }, 'consumer lost the broker; restarting it in a new consumer group');
    this.shown?.close();
    this.membership?.close();
    this.start().catch(this.options.onCrash);
  }

  /** Retries while the broker or the reader is unavailable: without the seek, a quiet partition would not be read. */
  private async seekAssigned(assignment: Record<string, number[]>): Promise<void> {
    const places = Object.entries(assignment).flatMap(([topic, partitions]) =>
      partitions.map((partition) => ({ topic: this.unnamed(topic), partition })),
    );
    while (!this.stopped) {
      try {
        const wanted = await Promise.all(places.map((place) => this.reader.nextOffset(place)));
        if (this.stopped) return;
        return await this.seek(places.map((place, index) => ({ ...place, offset: wanted[index] as bigint })));
      } catch (error) {
        if (error instanceof LogLost) throw error;
        this.log.warn({ err: error }, 'start offsets of the assigned partitions not found; retrying');
        await this.wait(1_000);
      }
    }
  }

  private async seek(wanted: (PartitionPlace & { offset: bigint })[]): Promise<void> {
    const endsOf = await readLogEnds(this.settings, this.log, [...new Set(wanted.map(({ topic }) => topic))]);
    for (const place of wanted) {
      const { end } = endsOf(place);
      if (place.offset > end) throw new LogLost(place, end, place.offset);
      const { topic, partition, offset } = place;
      this.consumer?.seek({ topic: this.named(topic), partition, offset: String(offset) });
    }
  }

  private async readBatch({ batch, resolveOffset, heartbeat, isRunning, isStale }: EachBatchPayload): Promise<void> {
    if (batch.isEmpty() || !isRunning() || isStale()) return;
    const place = { topic: this.unnamed(batch.topic), partition: batch.partition };
    // Heartbeats continue however long the reader takes. A rebalance is noticed at the next fetch.
    const beat = setInterval(() => heartbeat().catch(() => undefined), this.options.sessionTimeout / BEATS);
    const reading = this.reader.readBatch({
      ...place,
      messages: batch.messages.map(received),
      end: BigInt(batch.highWatermark),
    });
    this.underWay.add(reading);
    try {
      const next = await reading;
      this.shown?.note(batch.topic, batch.partition, next);
      if (next === BigInt(batch.lastOffset()) + 1n) resolveOffset(batch.lastOffset());
      else await this.seek([{ ...place, offset: next }]);
    } catch (error) {
      if (error instanceof LogLost) this.options.onCrash(error);
      throw error;
    } finally {
      clearInterval(beat);
      this.underWay.delete(reading);
    }
    await heartbeat();
  }

  private get stopped(): boolean {
    return this.stopping.signal.aborted;
  }

  /** Resolves early when the consumer is stopped. */
  private async wait(milliseconds: number): Promise<void> {
    await pause(milliseconds, undefined, { signal: this.stopping.signal }).catch(() => undefined);
  }

  private named(topic: string): string {
    return this.settings.prefix + topic;
  }

  private unnamed(topic: string): string {
    return topic.slice(this.settings.prefix.length);
  }
}

/** Whether kafkajs would restart a consumer after `error`. */
function isRetriable(error: Error): boolean {
  if (error.name === 'KafkaJSNumberOfRetriesExceeded') return true;
  return error.cause instanceof Error ? isRetriable(error.cause) : (error as Partial<KafkaJSError>).retriable === true;
}

/** Headers become text; of several with the same name the first. Headers of events are ASCII and unique. */
function received({ offset, key, value, headers = {} }: KafkaMessage): ReceivedMessage {
  const text: Record<string, string> = {};
  for (const name in headers) {
    const header = headers[name];
    text[name] = String((Array.isArray(header) ? header[0] : header) ?? '');
  }
  return { offset: BigInt(offset), key, value, headers: text };
}

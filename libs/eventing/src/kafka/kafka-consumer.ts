import type { Consumer, EachBatchPayload, Kafka, KafkaMessage } from 'kafkajs';
import type { BatchConsumer, BatchReader, PartitionPlace, ReceivedMessage } from '../consume/batch-consumer';
import type { Log } from '../log';
import { connectKafka, type KafkaSettings } from './connection';
import { ensureTopics } from './ensure-topics';
import { LogLost, readLogEnds } from './log-ends';

export interface KafkaConsumerOptions {
  /** Called once when the consumer is beyond help; the process should end and be started anew. */
  onCrash(error: Error): void;
  /**
   * Milliseconds without a heartbeat after which the group takes the partitions away. A process that was killed gets
   * them back no sooner.
   */
  sessionTimeout: number;
  /** Milliseconds within which the consumer must have joined its group. */
  joinTimeout?: number;
}

/** Heartbeats in one session timeout. */
const BEATS = 10;

/** Reads whole batches for `reader`, whose own record of offsets goes before the group's. */
export class KafkaConsumer implements BatchConsumer {
  reading = false;
  private consumer: Consumer | undefined;
  private joinTimer: NodeJS.Timeout | undefined;
  private stopping = false;

  constructor(
    private readonly settings: KafkaSettings,
    private readonly reader: BatchReader,
    private readonly log: Log,
    private readonly options: KafkaConsumerOptions,
  ) {}

  /** Resolves when reading has begun; tries for as long as the broker is away or not ready. */
  async start(): Promise<void> {
    const kafka = connectKafka(this.settings, this.log);
    for (let failures = 0; !this.stopping; failures++) {
      try {
        await ensureTopics(kafka, this.settings, this.reader.topics);
        return await this.run(kafka);
      } catch (error) {
        this.log.warn({ err: error }, 'Kafka cannot be read yet; trying again');
        await this.consumer?.disconnect().catch(() => undefined);
        await new Promise((resolve) => setTimeout(resolve, Math.min(100 * 2 ** failures, 3_000)));
      }
    }
  }

  private async run(kafka: Kafka): Promise<void> {
    const { sessionTimeout } = this.options;
    const groupId = this.settings.prefix + this.reader.groupId;
    const heartbeatInterval = sessionTimeout / BEATS;
    this.consumer = kafka.consumer({ groupId, sessionTimeout, heartbeatInterval, maxWaitTimeInMs: 100 });
    await this.consumer.connect();
    await this.consumer.subscribe({
      topics: this.reader.topics.map((topic) => this.named(topic)),
      fromBeginning: true,
    });
    this.watch(this.consumer);
    await this.consumer.run({
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: 3,
      eachBatch: (payload) => this.readBatch(payload),
    });
  }

  async stop(): Promise<void> {
    this.stopping = true;
    this.reading = false;
    clearTimeout(this.joinTimer);
    await this.consumer?.disconnect();
  }

  private watch(consumer: Consumer): void {
    const { joinTimeout = 60_000, onCrash } = this.options;
    // kafkajs can look for its group's coordinator for ever while all else seems well.
    const expectJoin = () => {
      this.reading = false;
      if (this.stopping) return;
      this.joinTimer ??= setTimeout(() => onCrash(new Error('the consumer group was not joined in time')), joinTimeout);
    };
    expectJoin();
    consumer.on(consumer.events.REBALANCING, expectJoin);
    consumer.on(consumer.events.DISCONNECT, expectJoin);
    consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
      clearTimeout(this.joinTimer);
      this.joinTimer = undefined;
      this.reading = true;
      this.seekAssigned(payload.memberAssignment).catch((error: Error) => onCrash(error));
    });
    consumer.on(consumer.events.CRASH, ({ payload }) => {
      expectJoin();
      if (!payload.restart) onCrash(payload.error);
    });
  }

  /** Tries again while broker or reader are away: without the seek a partition that is quiet would stay behind. */
  private async seekAssigned(assignment: Record<string, number[]>): Promise<void> {
    const places = Object.entries(assignment).flatMap(([topic, partitions]) =>
      partitions.map((partition) => ({ topic: topic.slice(this.settings.prefix.length), partition })),
    );
    while (!this.stopping) {
      try {
        const wanted = await Promise.all(places.map((place) => this.reader.nextOffset(place)));
        return await this.seek(places.map((place, index) => ({ ...place, offset: wanted[index] as bigint })));
      } catch (error) {
        if (error instanceof LogLost) throw error;
        this.log.warn({ err: error }, 'the offsets to read from are not known yet; trying again');
        await new Promise((resolve) => setTimeout(resolve, 1_000));
      }
    }
  }

  private async seek(wanted: (PartitionPlace & { offset: bigint })[]): Promise<void> {
    const endOf = await readLogEnds(this.settings, this.log, [...new Set(wanted.map(({ topic }) => topic))]);
    for (const place of wanted) {
      if (place.offset > endOf(place)) throw new LogLost(place, endOf(place), place.offset);
      const { topic, partition, offset } = place;
      this.consumer?.seek({ topic: this.named(topic), partition, offset: String(offset) });
    }
  }

  private async readBatch({ batch, resolveOffset, heartbeat, isRunning, isStale }: EachBatchPayload): Promise<void> {
    if (batch.isEmpty() || !isRunning() || isStale()) return;
    const place = { topic: batch.topic.slice(this.settings.prefix.length), partition: batch.partition };
    // However long the reader takes, the group must hear from this member. A rebalance shows at the next fetch.
    const beat = setInterval(() => heartbeat().catch(() => undefined), this.options.sessionTimeout / BEATS);
    try {
      const next = await this.reader.readBatch({ ...place, messages: batch.messages.map(received) });
      if (next === BigInt(batch.lastOffset()) + 1n) resolveOffset(batch.lastOffset());
      else await this.seek([{ ...place, offset: next }]);
    } catch (error) {
      if (error instanceof LogLost) this.options.onCrash(error);
      throw error;
    } finally {
      clearInterval(beat);
    }
    await heartbeat();
  }

  private named(topic: string): string {
    return this.settings.prefix + topic;
  }
}

function received({ offset, key, value, headers = {} }: KafkaMessage): ReceivedMessage {
  const text = Object.entries(headers).map(([name, header]) => [name, String([header].flat()[0] ?? '')]);
  return { offset: BigInt(offset), key, value, headers: Object.fromEntries(text) };
}

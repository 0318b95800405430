import { DEFAULT_PARTITIONS, encodeEvent, goldenMessages, TOPICS } from '@activity-feed/contracts';
import { eventually } from '../../../../test/harness/eventually';
import { testServers, uniqueName } from '../../../../test/harness/servers';
import { silent } from '../../../../test/harness/test-database';
import type { BatchReader, ReceivedBatch } from '../consume/batch-consumer';
import { WrongPartitions } from '../wrong-partitions';
import type { KafkaSettings } from './connection';
import { connectKafka } from './connection';
import { KafkaConsumer } from './kafka-consumer';
import { kafkaPublisher } from './kafka-publisher';

const topic = TOPICS.activity;
const SESSION_TIMEOUT = 6_000;

describe('the Kafka consumer', () => {
  let kafka: KafkaSettings;
  let consumers: KafkaConsumer[] = [];
  let crashes: Error[] = [];

  beforeEach(() => {
    kafka = { brokers: testServers().brokers, clientId: 'test', prefix: `${uniqueName()}.`, replicationFactor: 1 };
    [consumers, crashes] = [[], []];
  });
  afterEach(async () => {
    await Promise.all(consumers.map((consumer) => consumer.stop()));
    expect(crashes).toEqual([]);
  });

  /** Publishes `count` messages with the same key, so to the same partition. */
  async function publish(count: number): Promise<void> {
    const publisher = await kafkaPublisher(kafka, topic, silent)();
    await publisher.publish(Array.from({ length: count }, () => goldenMessages[0] as ReturnType<typeof encodeEvent>));
    await publisher.close();
  }

  async function commit(partition: number, offset: number): Promise<void> {
    const admin = connectKafka(kafka, silent).admin();
    await admin.connect();
    const partitions = [{ partition, offset: String(offset) }];
    await admin.setOffsets({ groupId: `${kafka.prefix}reader`, topic: kafka.prefix + topic, partitions });
    await admin.disconnect();
  }

  async function membersOf(groupId: string): Promise<number> {
    const admin = connectKafka(kafka, silent).admin();
    await admin.connect();
    const { groups } = await admin.describeGroups([groupId]);
    await admin.disconnect();
    return groups[0]?.members.length ?? 0;
  }

  const noteCrash = (error: Error): void => void crashes.push(error);

  async function startConsumer(reader: Partial<BatchReader>, onCrash = noteCrash) {
    const whole = { groupId: 'reader', topics: [topic], nextOffset: async () => 0n, readBatch: endOf, ...reader };
    const consumer = new KafkaConsumer(kafka, whole, silent, {
      sessionTimeout: SESSION_TIMEOUT,
      concurrency: 1,
      commitOffsets: true,
      onCrash,
    });
    consumers.push(consumer);
    await consumer.start();
    await eventually('the consumer reads', () => consumer.reading);
    return consumer;
  }

  /** Resolves when the broker has removed a member that joins now and sends no heartbeats. */
  async function silentMemberIsRemoved(): Promise<void> {
    const groupId = `${kafka.prefix}silent`;
    const silentOne = connectKafka(kafka, silent).consumer({ groupId, sessionTimeout: SESSION_TIMEOUT });
    const { promise: over, resolve } = Promise.withResolvers<void>();
    await silentOne.connect();
    try {
      await silentOne.subscribe({ topic: kafka.prefix + topic, fromBeginning: true });
      // kafkajs sends no heartbeats while a message is being handled.
      let handling = false;
      await silentOne.run({
        eachMessage: () => {
          handling = true;
          return over;
        },
      });
      await eventually('the silent member handles a message', () => handling);
      expect(await membersOf(groupId)).toBe(1);
      await eventually('it is removed', async () => (await membersOf(groupId)) === 0, { within: 60_000 });
    } finally {
      resolve();
      await silentOne.disconnect();
    }
  }

  const endOf = async ({ messages }: ReceivedBatch) => (messages.at(-1)?.offset ?? 0n) + 1n;

  it('keeps its partitions while a batch takes longer than the session timeout', async () => {
    await publish(3);
    const offsets: bigint[][] = [];
    let assignments = 0;
    const { promise: held, resolve: release } = Promise.withResolvers<void>();
    const consumer = await startConsumer({
      nextOffset: async () => {
        assignments++;
        return 0n;
      },
      readBatch: async (batch) => {
        offsets.push(batch.messages.map(({ offset }) => offset));
        await held;
        return endOf(batch);
      },
    });
    await eventually('the batch is being read', () => offsets.length === 1);
    // Without heartbeats, this consumer's session would have ended by now.
    await silentMemberIsRemoved();
    expect(consumer.reading).toBe(true);
    release();
    await publish(1);
    await eventually('the next message is read', () => offsets.flat().includes(3n), { within: 30_000 });
    // A removed member would have been assigned its partitions again.
    expect(assignments).toBe(DEFAULT_PARTITIONS);
  });

  it('does not join the group if it is stopped while starting', async () => {
    const reader = { groupId: 'reader', topics: [topic], nextOffset: async () => 0n, readBatch: endOf };
    const options = { sessionTimeout: SESSION_TIMEOUT, concurrency: 1, commitOffsets: false, onCrash: noteCrash };
    const consumer = new KafkaConsumer(kafka, reader, silent, options);
    consumers.push(consumer);
    const starting = consumer.start();
    await consumer.stop();
    await starting;
    expect(await membersOf(`${kafka.prefix}reader`)).toBe(0);
  });

  it('does not read topics that its reader refuses, and logs the reason', async () => {
    const refused = jest.fn(async (_partitions: ReadonlyMap<string, number>) => {
      throw new WrongPartitions(topic, 4, 'the 6 that it had before');
    });
    const error = jest.fn();
    const reader = { groupId: 'reader', topics: [topic], nextOffset: async () => 0n, readBatch: endOf };
    const options = { sessionTimeout: SESSION_TIMEOUT, concurrency: 1, commitOffsets: false, onCrash: noteCrash };
    const log = { ...silent, warn: () => undefined, info: () => undefined, error };
    const consumer = new KafkaConsumer(kafka, { ...reader, checkTopics: refused }, log, options);
    consumers.push(consumer);
    const starting = consumer.start();
    await eventually('it was refused twice', () => refused.mock.calls.length > 1);
    expect(refused.mock.calls[0]?.[0].get(topic)).toBe(DEFAULT_PARTITIONS);
    expect(error.mock.calls[0]?.[0].err.message).toContain(`${topic} has 4 partitions; it must have the 6`);
    expect(await membersOf(`${kafka.prefix}reader`)).toBe(0);
    await consumer.stop();
    await starting;
  });

  it('starts from the offsets of its reader, not from those that the group has committed', async () => {
    await publish(5);
    let partition = -1;
    const first = await startConsumer({
      readBatch: async (batch) => {
        partition = batch.partition;
        return endOf(batch);
      },
    });
    await eventually('all is read once', () => partition >= 0);
    await first.stop();
    await commit(partition, 5);
    const offsets: bigint[] = [];
    await startConsumer({
      nextOffset: async (place) => (place.partition === partition ? 2n : 0n),
      readBatch: async (batch) => {
        offsets.push(...batch.messages.map(({ offset }) => offset));
        return endOf(batch);
      },
    });
    await eventually('the rest is read again', () => offsets.includes(4n));
    expect(offsets).toEqual([2n, 3n, 4n]);
  });

  it('seeks back when its reader returns an earlier offset', async () => {
    await publish(4);
    const firstOffsets: bigint[] = [];
    await startConsumer({
      readBatch: async (batch) => {
        firstOffsets.push(batch.messages[0]?.offset as bigint);
        return firstOffsets.length === 1 ? 1n : endOf(batch);
      },
    });
    await eventually('it has gone back', () => firstOffsets.length === 2);
    expect(firstOffsets).toEqual([0n, 1n]);
  });

  it('crashes when the log ends before the offset of its reader', async () => {
    await publish(1);
    const crash = new Promise<Error>((resolve) => {
      void startConsumer({ nextOffset: async () => 1_000n }, resolve);
    });
    expect((await crash).message).toMatch(/ends at offset [01], but was read up to 1000/);
  });
});

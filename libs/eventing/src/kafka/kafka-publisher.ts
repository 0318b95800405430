import {
  type ICustomPartitioner,
  type Kafka,
  type PartitionerArgs,
  Partitioners,
  type PartitionMetadata,
  type RecordMetadata,
} from 'kafkajs';
import type { Log } from '../log';
import type { OpenPublisher, OutgoingMessage } from '../relay/event-publisher';
import { connectKafka, type KafkaSettings } from './connection';
import { ensureTopics } from './ensure-topics';

/** Publishes to `topic` with an idempotent producer and `acks=all`; creates the topic if it is missing. */
export function kafkaPublisher(settings: KafkaSettings, topic: string, log: Log): OpenPublisher {
  const kafka: Kafka = connectKafka(settings, log);
  return async () => {
    const partitions = (await ensureTopics(kafka, settings, [topic])).get(topic) as number;
    const createPartitioner = steadyPartitioner(partitions);
    const producer = kafka.producer({
      createPartitioner,
      allowAutoTopicCreation: false,
      idempotent: true,
      // With several requests in flight, a retry of the first would change the order.
      maxInFlightRequests: 1,
    });
    await producer.connect();
    return {
      partitions,
      publish: async (messages) => {
        const stored = await producer.send({ topic: settings.prefix + topic, acks: -1, messages });
        assertStored(topic, placesOf(messages, createPartitioner), stored);
      },
      close: () => producer.disconnect(),
    };
  };
}

/**
 * Maps a key to a partition by murmur2, as Kafka's own clients do. It uses the number of partitions at the time when
 * the publisher was opened, since a broker's metadata may temporarily list fewer. Messages without a key go to any
 * partition.
 */
const steadyPartitioner = (partitions: number): ICustomPartitioner => {
  const all = Array.from({ length: partitions }, (_, partitionId) => ({ partitionId, leader: 0 }) as PartitionMetadata);
  return () => {
    const partitionOf = Partitioners.DefaultPartitioner();
    return (message) => partitionOf(message.message.key ? { ...message, partitionMetadata: all } : message);
  };
};

/** The partitions of the keys of `messages`. */
function placesOf(messages: readonly OutgoingMessage[], createPartitioner: ICustomPartitioner): Set<number> {
  const partitionOf = createPartitioner();
  const keyed = messages.filter(({ key }) => key);
  return new Set(keyed.map((message) => partitionOf({ topic: '', partitionMetadata: [], message } as PartitionerArgs)));
}

/**
 * The client drops messages without a word whose partition the broker does not name, as when the topic was deleted and
 * created again with fewer.
 */
function assertStored(topic: string, wanted: ReadonlySet<number>, stored: readonly RecordMetadata[]): void {
  const places = new Set(stored.map(({ partition }) => partition));
  const missing = [...wanted].filter((partition) => !places.has(partition)).sort((a, b) => a - b);
  if (missing.length > 0) {
    throw new Error(`messages for partitions ${missing} of ${topic} were not stored: the broker does not name them`);
  }
}

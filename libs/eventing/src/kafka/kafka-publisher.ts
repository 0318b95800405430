import { type ICustomPartitioner, type Kafka, Partitioners, type PartitionMetadata } from 'kafkajs';
import type { Log } from '../log';
import type { OpenPublisher } from '../relay/event-publisher';
import { connectKafka, type KafkaSettings } from './connection';
import { ensureTopics } from './ensure-topics';

/** Publishes to `topic` with an idempotent producer and `acks=all`; creates the topic when it is missing. */
export function kafkaPublisher(settings: KafkaSettings, topic: string, log: Log): OpenPublisher {
  const kafka: Kafka = connectKafka(settings, log);
  return async () => {
    const partitions = (await ensureTopics(kafka, settings, [topic])).get(topic) as number;
    const producer = kafka.producer({
      createPartitioner: steadyPartitioner(partitions),
      allowAutoTopicCreation: false,
      idempotent: true,
      // More than one request in flight could be stored out of order when the first is retried.
      maxInFlightRequests: 1,
    });
    await producer.connect();
    return {
      partitions,
      publish: async (messages) => {
        await producer.send({ topic: settings.prefix + topic, acks: -1, messages });
      },
      close: () => producer.disconnect(),
    };
  };
}

/**
 * A key has the same partition always, by murmur2 as Kafka's own clients have it; what has no key goes anywhere. As many
 * partitions as the topic had when the publisher was opened: what the broker knows of them at a moment may be fewer.
 */
const steadyPartitioner = (partitions: number): ICustomPartitioner => {
  const all = Array.from({ length: partitions }, (_, partitionId) => ({ partitionId, leader: 0 }) as PartitionMetadata);
  return () => {
    const partitionOf = Partitioners.DefaultPartitioner();
    return (message) => partitionOf(message.message.key ? { ...message, partitionMetadata: all } : message);
  };
};

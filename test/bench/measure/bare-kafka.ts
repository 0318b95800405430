import kafkajs, { type Kafka, type Producer } from 'kafkajs';
import { createTopic } from '../../harness/create-topic.ts';

/** The Kafka client that the services use, without their code. */
export function bareKafka(brokers: string): Kafka {
  return new kafkajs.Kafka({ clientId: 'bench', brokers: brokers.split(','), logLevel: kafkajs.logLevel.NOTHING });
}

/** Runs `work` with a producer configured like the relay's and a topic that is deleted afterwards. */
export async function withProducer<T>(
  brokers: string,
  topic: string,
  numPartitions: number,
  work: (producer: Producer, kafka: Kafka) => Promise<T>,
): Promise<T> {
  const kafka = bareKafka(brokers);
  const admin = kafka.admin();
  const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1, allowAutoTopicCreation: false });
  await admin.connect();
  try {
    await createTopic(admin, topic, numPartitions);
    await producer.connect();
    return await work(producer, kafka);
  } finally {
    await producer.disconnect();
    await admin.deleteTopics({ topics: [topic] });
    await admin.disconnect();
  }
}

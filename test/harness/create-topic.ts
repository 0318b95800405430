import type { Admin } from 'kafkajs';
import { eventually } from './eventually.ts';

/** Creates a topic. kafkajs does not wait for it reliably: it fails if the broker does not list the topic yet. */
export async function createTopic(admin: Admin, topic: string, numPartitions: number): Promise<void> {
  await admin.createTopics({ waitForLeaders: false, topics: [{ topic, numPartitions }] });
  await eventually(`the broker lists ${topic}`, async () => {
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
    return topics[0]?.partitions.length === numPartitions;
  });
}

import { DEAD_LETTER_TOPIC, PARTITIONS } from '@activity-feed/contracts';
import type { Kafka } from 'kafkajs';
import type { KafkaSettings } from './connection';

const DEAD_LETTER_MAX_BYTES = String(4 * 1024 * 1024);

/** Creates those of `topics` that are missing, to be kept for ever: the log can be replayed from its start. */
export async function ensureTopics(kafka: Kafka, settings: KafkaSettings, topics: string[]): Promise<void> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    const present = new Set(await admin.listTopics());
    const missing = topics.filter((topic) => !present.has(settings.prefix + topic));
    if (missing.length === 0) return;
    await admin.createTopics({
      waitForLeaders: true,
      topics: missing.map((topic) => ({
        topic: settings.prefix + topic,
        numPartitions: PARTITIONS,
        replicationFactor: settings.replicationFactor,
        configEntries: [
          { name: 'retention.ms', value: '-1' },
          { name: 'retention.bytes', value: '-1' },
          // A dead letter is a message of whatever size with headers added.
          ...(topic === DEAD_LETTER_TOPIC ? [{ name: 'max.message.bytes', value: DEAD_LETTER_MAX_BYTES }] : []),
        ],
      })),
    });
  } finally {
    await admin.disconnect();
  }
}

import type { PartitionPlace } from '../consume/batch-consumer';
import { connectKafka, type KafkaSettings, type Log } from './connection';

/** The oldest offset that the broker still has of a partition. */
export async function logStart(settings: KafkaSettings, log: Log, { topic, partition }: PartitionPlace): Promise<bigint> {
  const admin = connectKafka(settings, log).admin();
  await admin.connect();
  try {
    const offsets = await admin.fetchTopicOffsets(settings.prefix + topic);
    return BigInt(offsets.find((entry) => entry.partition === partition)?.low ?? 0);
  } finally {
    await admin.disconnect();
  }
}

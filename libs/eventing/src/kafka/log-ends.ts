import type { PartitionPlace } from '../consume/batch-consumer';
import type { Log } from '../log';
import { connectKafka, type KafkaSettings } from './connection';

/** The offset that the next message will get, of each partition asked about. */
export type LogEnds = (place: PartitionPlace) => bigint;

/** Asks the broker for the ends of `topics`. */
export async function readLogEnds(settings: KafkaSettings, log: Log, topics: string[]): Promise<LogEnds> {
  const admin = connectKafka(settings, log).admin();
  await admin.connect();
  try {
    const ends = new Map<string, bigint>();
    for (const topic of topics) {
      for (const { partition, high } of await admin.fetchTopicOffsets(settings.prefix + topic)) {
        ends.set(`${topic}/${partition}`, BigInt(high));
      }
    }
    return ({ topic, partition }) => ends.get(`${topic}/${partition}`) ?? 0n;
  } finally {
    await admin.disconnect();
  }
}

/** Thrown when a log ends before the place up to which it was read: it is another log, or it has lost its end. */
export class LogLost extends Error {
  constructor({ topic, partition }: PartitionPlace, end: bigint, wanted: bigint) {
    super(
      `partition ${partition} of ${topic} ends at offset ${end}, but was read up to ${wanted}: ` +
        'see "Kafka\'s data is lost" in docs/operations.md',
    );
  }
}

import type { PartitionPlace } from '../consume/batch-consumer';
import type { Log } from '../log';
import { connectKafka, type KafkaSettings } from './connection';

/** What the broker has of a partition: the oldest offset that is left, and the one that the next message will get. */
export interface LogEnds {
  start: bigint;
  end: bigint;
}

/** Asks the broker for the ends of every partition of `topics`. */
export async function readLogEnds(
  settings: KafkaSettings,
  log: Log,
  topics: string[],
): Promise<(place: PartitionPlace) => LogEnds> {
  const admin = connectKafka(settings, log).admin();
  await admin.connect();
  try {
    const ends = new Map<string, LogEnds>();
    for (const topic of topics) {
      for (const { partition, low, high } of await admin.fetchTopicOffsets(settings.prefix + topic)) {
        ends.set(`${topic}/${partition}`, { start: BigInt(low), end: BigInt(high) });
      }
    }
    return ({ topic, partition }) => ends.get(`${topic}/${partition}`) ?? { start: 0n, end: 0n };
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

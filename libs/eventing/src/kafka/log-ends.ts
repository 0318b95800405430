import type { PartitionPlace } from '../consume/batch-consumer';
import type { Log } from '../log';
import { connectKafka, type KafkaSettings } from './connection';

export interface LogEnds {
  /** The oldest available offset. */
  start: bigint;
  /** The offset of the next message. */
  end: bigint;
}

/** Reads start and end of every partition of `topics` from the broker. */
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

/** Thrown when a partition ends before an offset that has already been read: the log was replaced or truncated. */
export class LogLost extends Error {
  constructor({ topic, partition }: PartitionPlace, end: bigint, wanted: bigint) {
    super(
      `partition ${partition} of ${topic} ends at offset ${end}, but was read up to ${wanted}: ` +
        'see "Kafka\'s data is lost" in docs/operations.md',
    );
  }
}

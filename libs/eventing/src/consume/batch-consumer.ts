/** A message as it came from the broker. */
export interface ReceivedMessage {
  offset: bigint;
  key: Buffer | null;
  value: Buffer | null;
  headers: Record<string, string>;
}

/** Messages of one partition in the order of their offsets; at least one. */
export interface ReceivedBatch {
  /** Without the prefix of the system. */
  topic: string;
  partition: number;
  messages: ReceivedMessage[];
}

/** A partition's place, as the reader keeps it beside what it made of the messages. */
export interface PartitionPlace {
  topic: string;
  partition: number;
}

export interface BatchReader {
  groupId: string;
  /**
   * Whether `groupId` is another each time that it is asked for, and so the group is this reader's alone. It then need not
   * wait, after the broker was lost, until the group has given up the member that it was before.
   */
  ownGroup?: boolean;
  topics: string[];
  /** Called with the number of partitions of each topic before it is read; throws when these cannot be read. */
  checkTopics?(partitions: ReadonlyMap<string, number>): Promise<void>;
  /** The offset that the reader wants next; where a partition is read from once it is assigned. */
  nextOffset(place: PartitionPlace): Promise<bigint>;
  /**
   * Handles a batch and says which offset it wants next. That is the one after the batch, or another when the batch
   * was not what the reader needs: reading then goes on from there.
   */
  readBatch(batch: ReceivedBatch): Promise<bigint>;
}

/** The port behind which the broker's client sits on the receiving side. */
export interface BatchConsumer {
  /** Whether the consumer is a member of its group and reads. */
  readonly reading: boolean;
  /** Whether the broker answers its fetches, be it that there is nothing new. */
  readonly receiving: boolean;
  start(): Promise<void>;
  stop(): Promise<void>;
}

export interface ReceivedMessage {
  offset: bigint;
  key: Buffer | null;
  value: Buffer | null;
  headers: Record<string, string>;
}

/** Messages of one partition in the order of their offsets; at least one. */
export interface ReceivedBatch {
  /** Without the configured prefix. */
  topic: string;
  partition: number;
  messages: ReceivedMessage[];
  /** The offset behind the last message of the partition when the batch was fetched. */
  end?: bigint;
}

export interface PartitionPlace {
  topic: string;
  partition: number;
}

export interface BatchReader {
  groupId: string;
  /**
   * Whether `groupId` returns a new name each time, so that the group has no other members. After a lost connection the
   * consumer then joins a new group instead of waiting until its old membership expires.
   */
  ownGroup?: boolean;
  topics: string[];
  /** Called with each topic's number of partitions before reading; throws to refuse them. */
  checkTopics?(partitions: ReadonlyMap<string, number>): Promise<void>;
  /** The offset to start from when the partition is assigned. */
  nextOffset(place: PartitionPlace): Promise<bigint>;
  /**
   * Handles a batch and returns the offset to continue from: normally the one after the batch, or another if the reader
   * needs other messages first.
   */
  readBatch(batch: ReceivedBatch): Promise<bigint>;
}

/** Port for the broker's client on the receiving side. */
export interface BatchConsumer {
  /** Whether the consumer is a live member of its group. */
  readonly reading: boolean;
  /** Whether the broker answers fetches, even if there are no new messages. */
  readonly receiving: boolean;
  start(): Promise<void>;
  stop(): Promise<void>;
}

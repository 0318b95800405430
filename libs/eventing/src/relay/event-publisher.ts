export interface OutgoingMessage {
  key: string | Buffer | null;
  value: string | Buffer | null;
  headers: Record<string, string>;
}

/** Port for the broker's client on the sending side. */
export interface EventPublisher {
  /** The number of partitions by which keys are mapped. */
  readonly partitions: number;
  /** Resolves when all in-sync replicas have all messages, in the given order for each key. */
  publish(messages: OutgoingMessage[]): Promise<void>;
  close(): Promise<void>;
}

/** Opens a publisher for one topic. After a failed `publish` it must be closed and a new one opened. */
export type OpenPublisher = () => Promise<EventPublisher>;

/** A message on its way to the broker. */
export interface OutgoingMessage {
  key: string | Buffer | null;
  value: string | Buffer | null;
  headers: Record<string, string>;
}

/** The port behind which the broker's client sits on the sending side. */
export interface EventPublisher {
  /** Of the topic, by which a key's place in it is chosen. */
  readonly partitions: number;
  /** Resolves when the broker has every message on all replicas, in the order given for each key. */
  publish(messages: OutgoingMessage[]): Promise<void>;
  close(): Promise<void>;
}

/** Opens a publisher to one topic. After a failed `publish` a publisher is closed and a new one opened. */
export type OpenPublisher = () => Promise<EventPublisher>;

import type { EventMessage } from '@activity-feed/contracts';

/** The port behind which the broker's client sits on the sending side. */
export interface EventPublisher {
  /** Resolves when the broker has every message on all replicas, in the order given for each key. */
  publish(messages: EventMessage[]): Promise<void>;
  close(): Promise<void>;
}

/** Opens a publisher to one topic. After a failed `publish` a publisher is closed and a new one opened. */
export type OpenPublisher = () => Promise<EventPublisher>;

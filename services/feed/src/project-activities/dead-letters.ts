import type { EventPublisher, OpenPublisher } from '@activity-feed/eventing';
import type { DeadLetter } from '../consume-log/decode-messages';

/** Publishes unreadable messages unchanged to the dead-letter topic, with origin and reason in headers. */
export class DeadLetters {
  private publisher: Promise<EventPublisher> | undefined;

  constructor(private readonly openPublisher: OpenPublisher) {}

  async add(letters: DeadLetter[]): Promise<void> {
    this.publisher ??= this.openPublisher();
    try {
      await (await this.publisher).publish(letters.map(toMessage));
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  async close(): Promise<void> {
    const publisher = await this.publisher?.catch(() => undefined);
    this.publisher = undefined;
    await publisher?.close().catch(() => undefined);
  }
}

const toMessage = ({ message, reason, topic, partition }: DeadLetter) => ({
  key: message.key,
  value: message.value,
  headers: {
    ...message.headers,
    'dead-letter-reason': reason,
    'dead-letter-topic': topic,
    'dead-letter-partition': String(partition),
    'dead-letter-offset': String(message.offset),
  },
});

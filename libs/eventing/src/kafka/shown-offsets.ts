import type { Consumer } from 'kafkajs';

/** Milliseconds between commits. */
const INTERVAL = 5_000;

/**
 * Commits to Kafka what a consumer has read, for Kafka's tools to show. Reading ignores these offsets, so they need neither be
 * exact nor cost a request for every batch.
 */
export class ShownOffsets {
  private readonly next = new Map<string, Map<number, bigint>>();
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly consumer: Pick<Consumer, 'commitOffsets'>,
    private readonly isAlive: () => boolean,
  ) {
    this.timer = setInterval(() => void this.commit(), INTERVAL).unref();
  }

  /** `topic`: with its prefix. `next`: the offset after what was read. */
  note(topic: string, partition: number, next: bigint): void {
    const ofTopic = this.next.get(topic) ?? new Map<number, bigint>();
    this.next.set(topic, ofTopic.set(partition, next));
  }

  /** Never rejects. */
  async commit(): Promise<void> {
    if (this.next.size === 0 || !this.isAlive()) return;
    const offsets = [...this.next].flatMap(([topic, partitions]) =>
      Array.from(partitions, ([partition, next]) => ({ topic, partition, offset: String(next) })),
    );
    this.next.clear();
    await this.consumer.commitOffsets(offsets).catch(() => undefined);
  }

  close(): void {
    clearInterval(this.timer);
  }
}

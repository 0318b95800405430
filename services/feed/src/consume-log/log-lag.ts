import type { PartitionPlace, ReceivedBatch } from '@activity-feed/eventing';

interface Lag {
  /** The next offset to apply. */
  next: bigint;
  /** The end of the partition when the last batch was fetched. */
  end: bigint;
  /** When the oldest event of a batch that is not applied yet was recorded. */
  since: number | undefined;
}

/** How far a consumer is behind the log, as far as it has fetched that. */
export class LogLag {
  private readonly partitions = new Map<string, Lag & { topic: string }>();

  /** A batch has been fetched and is not applied yet. */
  begin({ topic, partition, messages, end = 0n }: ReceivedBatch): void {
    const [first] = messages;
    const next = first?.offset ?? end;
    const since = Date.parse(first?.headers.ce_time ?? '');
    this.partitions.set(nameOf({ topic, partition }), {
      topic,
      next,
      end,
      since: Number.isNaN(since) ? undefined : since,
    });
  }

  /** Everything before `next` is applied. */
  reach(place: PartitionPlace, next: bigint): void {
    const lag = this.partitions.get(nameOf(place));
    if (lag) Object.assign(lag, { next, since: undefined });
  }

  /** Events that are not applied. */
  get total(): number {
    return sum(this.partitions.values());
  }

  /** Those of a topic. */
  events(topic: string): number {
    return sum(this.of(topic));
  }

  /** The age of the oldest event that is fetched and not applied; 0 if there is none. */
  seconds(topic: string, now = Date.now()): number {
    return Math.max(0, ...this.of(topic).map(({ since = now }) => now - since)) / 1_000;
  }

  private of(topic: string): Lag[] {
    return [...this.partitions.values()].filter((one) => one.topic === topic);
  }
}

const sum = (lags: Iterable<Lag>) =>
  [...lags].reduce((total, { next, end }) => total + Math.max(0, Number(end - next)), 0);

const nameOf = ({ topic, partition }: PartitionPlace) => `${topic}/${partition}`;

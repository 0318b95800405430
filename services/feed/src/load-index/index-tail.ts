import { randomUUID } from 'node:crypto';
import { type EventTime, type Source, TOPICS, toMicroseconds } from '@activity-feed/contracts';
import type { BatchReader, PartitionPlace, ReceivedBatch } from '@activity-feed/eventing';
import type { Effects } from '../activity/effects';
import { sortMessages } from '../consume-log/sort-messages';
import type { TimelineIndex } from '../timeline-index/timeline-index';
import type { BrokenStream } from './restore-stream';

export interface IndexTailOptions {
  index: TimelineIndex;
  /** Where each partition is to be read from: the offsets that belong to what was loaded. */
  startOffset(place: PartitionPlace): bigint;
  /** Throws when the topics cannot be the ones of which the index was loaded. */
  checkTopics(partitions: ReadonlyMap<string, number>): Promise<void>;
  restore(stream: BrokenStream): Promise<void>;
  /** Called after events of a source were taken in. */
  onChange(source: Source): void;
}

/** Tells the index what comes to the log, in a consumer group of this process alone: every reader needs every event. */
export class IndexTail implements BatchReader {
  readonly ownGroup = true;
  readonly topics = Object.values(TOPICS);
  private readonly allPlaces: PartitionPlace[] = [];
  private readonly offsets = new Map<string, bigint>();
  private earliest = Number.POSITIVE_INFINITY;

  constructor(private readonly options: IndexTailOptions) {}

  /** Every partition of both topics; none before the broker has said how many there are. */
  get places(): readonly PartitionPlace[] {
    return this.allPlaces;
  }

  get groupId(): string {
    return `feed-reader-${randomUUID()}`;
  }

  /** The earliest time of what came, microseconds since 1970; infinity while nothing has. */
  get earliestTime(): number {
    return this.earliest;
  }

  /** The offset up to which `place` is read. */
  reached(place: PartitionPlace): bigint {
    return this.offsets.get(nameOf(place)) ?? this.options.startOffset(place);
  }

  async checkTopics(partitions: ReadonlyMap<string, number>): Promise<void> {
    await this.options.checkTopics(partitions);
    this.allPlaces.length = 0;
    for (const topic of this.topics) {
      const count = partitions.get(topic);
      // One that a broker does not know yet is asked for again; with none the index would count as complete.
      if (count === undefined) throw new Error(`the broker does not know the partitions of ${topic} yet`);
      for (let partition = 0; partition < count; partition++) this.allPlaces.push({ topic, partition });
    }
  }

  async nextOffset(place: PartitionPlace): Promise<bigint> {
    return this.reached(place);
  }

  async readBatch(batch: ReceivedBatch): Promise<bigint> {
    const wanted = this.reached(batch);
    const fresh = batch.messages.filter(({ offset }) => offset >= wanted);
    const last = fresh.at(-1);
    if (!last) return wanted;
    // What cannot be read is put aside by the projector; here it leaves a gap, which the database fills.
    for (const effects of sortMessages(batch, fresh).effects) await this.take(effects);
    this.offsets.set(nameOf(batch), last.offset + 1n);
    this.options.onChange(sourceOf(batch.topic));
    return last.offset + 1n;
  }

  private async take(effects: Effects): Promise<void> {
    const { index, restore } = this.options;
    const { activity } = effects;
    if (activity) this.earliest = Math.min(this.earliest, Number(toMicroseconds(activity.time as EventTime)));
    if (index.apply(effects) === 'gap') await restore(effects);
  }
}

const SOURCE_OF_TOPIC = new Map(Object.entries(TOPICS).map(([source, topic]) => [topic, source as Source]));

const sourceOf = (topic: string) => SOURCE_OF_TOPIC.get(topic) as Source;

const nameOf = ({ topic, partition }: PartitionPlace) => `${topic}/${partition}`;

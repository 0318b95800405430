import { randomUUID } from 'node:crypto';
import { traceProcessing } from '@activity-feed/backend';
import {
  type EventSource,
  isState,
  type Microseconds,
  type Source,
  TOPICS,
  toMicroseconds,
} from '@activity-feed/contracts';
import type { BatchReader, PartitionPlace, ReceivedBatch, ReceivedMessage } from '@activity-feed/eventing';
import type { Effects } from '../activity/effects';
import { decodeMessages } from '../consume-log/decode-messages';
import { observeFreshness } from '../consume-log/freshness';
import { LogLag } from '../consume-log/log-lag';
import type { TimelineIndex } from '../timeline-index/timeline-index';
import { Recall } from './recall';
import type { BrokenStream } from './restore-stream';

export interface IndexTailOptions {
  index: TimelineIndex;
  /** The offsets of the loaded snapshot, from which each partition is read. */
  startOffset(place: PartitionPlace): bigint;
  /** Throws if the topics cannot be those that the snapshot was written from. */
  checkTopics(partitions: ReadonlyMap<string, number>): Promise<void>;
  restore(stream: BrokenStream): Promise<void>;
  onChange(source: Source): void;
  /** Called after each new event of the log that the index has. */
  onEvent(): void;
  /** Called when a stream was restored, whose missed events are not known. */
  onRestored(): void;
}

/** Applies new events of the log to the index, in a consumer group of its own: every reader needs every event. */
export class IndexTail implements BatchReader {
  readonly ownGroup = true;
  readonly topics = Object.values(TOPICS);
  private readonly lag = new LogLag();
  private readonly allPlaces: PartitionPlace[] = [];
  private readonly offsets = new Map<string, bigint>();
  private readonly begun = new Map<string, bigint>();
  private recall: Recall | undefined;
  private earliest = Number.POSITIVE_INFINITY as Microseconds;

  constructor(private readonly options: IndexTailOptions) {}

  /** Every partition of the topics; empty until the broker has reported them. */
  get places(): readonly PartitionPlace[] {
    return this.allPlaces;
  }

  get groupId(): string {
    return `feed-reader-${randomUUID()}`;
  }

  /** The earliest time of the received activities; infinity before the first. */
  get earliestTime(): Microseconds {
    return this.earliest;
  }

  /** Events of the log that are not applied. */
  get behind(): number {
    return this.lag.total;
  }

  reached(place: PartitionPlace): bigint {
    return this.offsets.get(nameOf(place)) ?? this.options.startOffset(place);
  }

  /** The offset after all events that may have been applied: those of the current batch are included. */
  begunUntil(place: PartitionPlace): bigint {
    return this.begun.get(nameOf(place)) ?? this.options.startOffset(place);
  }

  async checkTopics(partitions: ReadonlyMap<string, number>): Promise<void> {
    await this.options.checkTopics(partitions);
    this.allPlaces.length = 0;
    for (const topic of this.topics) {
      const count = partitions.get(topic);
      // The consumer retries. Without its partitions, the index would count as complete.
      if (count === undefined) throw new Error(`the broker does not know the partitions of ${topic} yet`);
      for (let partition = 0; partition < count; partition++) this.allPlaces.push({ topic, partition });
    }
    const { index, startOffset } = this.options;
    const places = this.allPlaces.map((place) => ({ ...place, source: sourceOf(place.topic) }));
    this.recall ??= new Recall(index, places, startOffset);
    for (const place of this.allPlaces) this.noteReached(place, this.reached(place));
  }

  /** Whether the index has the last events before the snapshot, as far as the log has them. `startOf`: where it begins. */
  hasRecalled(startOf: (place: PartitionPlace) => bigint): boolean {
    return this.recall?.isDone(startOf) ?? false;
  }

  async nextOffset(place: PartitionPlace): Promise<bigint> {
    const reached = this.reached(place);
    const next = this.recall?.nextOf(sourceOf(place.topic), place.partition);
    return next !== undefined && next < reached ? BigInt(next) : reached;
  }

  async readBatch(batch: ReceivedBatch): Promise<bigint> {
    this.lag.begin(batch);
    const next = await this.read(batch);
    this.lag.reach(batch, next);
    return next;
  }

  private async read(batch: ReceivedBatch): Promise<bigint> {
    const from = await this.nextOffset(batch);
    const wanted = this.reached(batch);
    const [recalled, fresh] = [
      batch.messages.filter(({ offset }) => offset >= from && offset < wanted),
      batch.messages.filter(({ offset }) => offset >= wanted),
    ];
    this.recallAgain(batch, recalled);
    const last = fresh.at(-1);
    if (!last) {
      if (recalled.length > 0) this.options.onChange(sourceOf(batch.topic));
      return this.nextOffset(batch);
    }
    this.begun.set(nameOf(batch), last.offset + 1n);
    // The projector dead-letters unreadable messages. Here they leave a gap, which the database fills.
    const { effects: all } = decodeMessages(batch, fresh);
    const received = { topic: batch.topic, messages: fresh };
    await traceProcessing('feed-reader', [received], () => this.applyAll(batch, all));
    observeFreshness('reader', all);
    this.offsets.set(nameOf(batch), last.offset + 1n);
    this.noteReached(batch, last.offset + 1n);
    this.options.onChange(sourceOf(batch.topic));
    return last.offset + 1n;
  }

  private recallAgain(place: PartitionPlace, messages: ReceivedMessage[]): void {
    const [first, last] = [messages[0], messages.at(-1)];
    if (!first || !last) return;
    const { effects } = decodeMessages(place, messages);
    this.recall?.take(sourceOf(place.topic), place.partition, effects, first.offset, last.offset);
  }

  private async applyAll(place: PartitionPlace, all: readonly Effects[]): Promise<void> {
    for (const effects of all) {
      await this.apply(effects);
      this.noteReached(place, BigInt(effects.offset as number) + 1n);
      this.options.onEvent();
    }
  }

  private async apply(effects: Effects): Promise<void> {
    const { index, restore } = this.options;
    const { activity, source, partition = 0, offset = 0 } = effects;
    if (activity) this.note(toMicroseconds(activity.time));
    if (index.apply(effects) !== 'gap') return;
    await restore(effects);
    // What was restored is not noted in it.
    if (!isState(source)) index.recentLog.beginAt(source as EventSource, partition, offset + 1);
    this.options.onRestored();
  }

  private noteReached({ topic, partition }: PartitionPlace, next: bigint): void {
    const source = sourceOf(topic);
    if (!isState(source)) this.options.index.log.noteReached(source as EventSource, partition, Number(next));
  }

  private note(time: Microseconds): void {
    if (time < this.earliest) this.earliest = time;
  }
}

const SOURCE_OF_TOPIC = new Map(Object.entries(TOPICS).map(([source, topic]) => [topic, source as Source]));

const sourceOf = (topic: string) => SOURCE_OF_TOPIC.get(topic) as Source;

const nameOf = ({ topic, partition }: PartitionPlace) => `${topic}/${partition}`;

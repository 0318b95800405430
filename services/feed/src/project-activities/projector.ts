import { TOPICS } from '@activity-feed/contracts';
import { type BatchReader, inTransaction, type PartitionPlace, type ReceivedBatch } from '@activity-feed/eventing';
import type { Logger } from '@activity-feed/hosting';
import { DatabaseError, type Pool, type PoolClient } from 'pg';
import type { DeadLetters } from './dead-letters';
import { lockOffset, readOffset, storeOffset } from './projection-offsets';
import { deadLettered, projected, skipped } from './projector-metrics';
import { type SortedMessages, sortMessages } from './sort-messages';
import { writeEffects } from './write-effects';

/** Classes of SQLSTATE that say: this value can never be stored. */
const BAD_DATA = new Set(['22', '23']);

/** Times that a passed-over offset is asked for before it counts as gone. */
const QUESTIONS = 2;

export interface ProjectorOptions {
  pool: Pool;
  /** For reads that must not wait for a free place among the transactions. */
  readPool: Pool;
  deadLetters: DeadLetters;
  log: Logger;
  /** Called after each commit. */
  onApplied(): void;
}

/** Writes events to the read models, a batch and its place in the log in one transaction. */
export class Projector implements BatchReader {
  readonly groupId = 'feed-projector';
  readonly topics = Object.values(TOPICS);

  /** How often an offset that was passed over has been asked for. */
  private readonly asked = new Map<string, number>();

  constructor(private readonly options: ProjectorOptions) {}

  nextOffset(place: PartitionPlace): Promise<bigint> {
    return readOffset(this.options.readPool, place);
  }

  async readBatch(batch: ReceivedBatch): Promise<bigint> {
    try {
      return await this.apply(batch, sortMessages(batch, batch.messages));
    } catch (error) {
      if (!(error instanceof DatabaseError) || !BAD_DATA.has(error.code?.slice(0, 2) ?? '')) throw error;
      return this.applyOneByOne(batch, error);
    }
  }

  private async apply(batch: ReceivedBatch, whole: SortedMessages): Promise<bigint> {
    const { pool, onApplied } = this.options;
    const next = await inTransaction(pool, async (tx) => {
      const wanted = await lockOffset(tx, batch);
      const fresh = batch.messages.filter(({ offset }) => offset >= wanted);
      const [first] = fresh;
      if (!first || (first.offset > wanted && !this.isGap(batch, wanted, first.offset))) return wanted;
      const sorted = fresh.length === batch.messages.length ? whole : sortMessages(batch, fresh);
      await this.write(tx, sorted);
      const end = (fresh.at(-1) ?? first).offset + 1n;
      await storeOffset(tx, batch, end);
      return end;
    });
    onApplied();
    return next;
  }

  private async write(tx: PoolClient, { effects, deadLetters, unknownTypes }: SortedMessages): Promise<void> {
    if (deadLetters.length > 0) {
      await this.options.deadLetters.add(deadLetters);
      deadLettered.inc(deadLetters.length);
      const [{ reason, topic, partition, message }] = deadLetters as [(typeof deadLetters)[0]];
      const fields = { count: deadLetters.length, reason, topic, partition, offset: String(message.offset) };
      this.options.log.warn(fields, 'unreadable messages went to the dead-letter topic');
    }
    skipped.inc(unknownTypes.length);
    if (unknownTypes.length > 0) this.options.log.warn({ types: [...new Set(unknownTypes)] }, 'skipped unknown events');
    await writeEffects(tx, effects);
    projected.inc(effects.length);
  }

  /** A message that the database refuses must not stop those around it. */
  private async applyOneByOne(batch: ReceivedBatch, cause: DatabaseError): Promise<bigint> {
    const [message] = batch.messages;
    if (batch.messages.length === 1 && message) {
      const letter = { topic: batch.topic, partition: batch.partition, message, reason: cause.message };
      return this.apply(batch, { effects: [], deadLetters: [letter], unknownTypes: [] });
    }
    let next = 0n;
    for (const single of batch.messages) next = await this.readBatch({ ...batch, messages: [single] });
    return next;
  }

  /** Whether the log itself lacks what lies between: asked for again and again, it gave only what comes after. */
  private isGap({ topic, partition }: PartitionPlace, wanted: bigint, offered: bigint): boolean {
    const question = `${topic}/${partition}@${wanted}`;
    const times = (this.asked.get(question) ?? 0) + 1;
    this.asked.set(question, times);
    if (times <= QUESTIONS) return false;
    this.asked.delete(question);
    const fields = { topic, partition, wanted: String(wanted), offered: String(offered) };
    this.options.log.error(fields, 'the log has no such events any more: they are missing in the feeds');
    return true;
  }
}

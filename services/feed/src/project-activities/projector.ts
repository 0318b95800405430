import { COMPACTED_TOPICS, type Milliseconds, TOPICS } from '@activity-feed/contracts';
import { type BatchReader, inTransaction, type PartitionPlace, type ReceivedBatch } from '@activity-feed/eventing';
import type { Logger } from '@activity-feed/hosting';
import { DatabaseError, type Pool } from 'pg';
import type { Effects } from '../activity/effects';
import { type DecodedMessages, decodeMessages } from '../consume-log/decode-messages';
import { lockOffset, readOffset, storeOffset } from '../consume-log/projection-offsets';
import { assertPartitions, recordPartitions } from '../consume-log/topic-partitions';
import type { DeadLetters } from './dead-letters';
import { KnownUsers } from './known-users';
import { projectEffects } from './project-effects';
import { deadLettered, projected, skipped } from './projector-metrics';

/** SQLSTATE classes of values that can never be stored: data exception, integrity constraint violation. */
const BAD_DATA = new Set(['22', '23']);

export interface ProjectorOptions {
  pool: Pool;
  /** For reads that must not wait for a connection behind the transactions. */
  readPool: Pool;
  deadLetters: DeadLetters;
  log: Logger;
  /** The oldest offset that the broker still has. */
  logStart(place: PartitionPlace): Promise<bigint>;
  onApplied(effects: Effects[]): void;
  now?: () => Milliseconds;
}

/** Writes events to the read models; each batch and its next offset are one transaction. */
export class Projector implements BatchReader {
  readonly groupId = 'feed-projector';
  readonly topics = Object.values(TOPICS);

  private readonly knownUsers = new KnownUsers();

  constructor(private readonly options: ProjectorOptions) {}

  async checkTopics(partitions: ReadonlyMap<string, number>): Promise<void> {
    const { readPool } = this.options;
    await recordPartitions(readPool, partitions);
    await assertPartitions(readPool, partitions);
  }

  nextOffset(place: PartitionPlace): Promise<bigint> {
    return readOffset(this.options.readPool, place);
  }

  async readBatch(batch: ReceivedBatch): Promise<bigint> {
    const wanted = await this.nextOffset(batch);
    const fresh = batch.messages.filter(({ offset }) => offset >= wanted);
    const [first] = fresh;
    if (!first) return wanted;
    if (first.offset > wanted && !(await this.mayBeGone(batch, wanted))) {
      // The database may have been restored to an earlier state, without some of the known users.
      this.knownUsers.forget();
      return wanted;
    }
    const rest = { ...batch, messages: fresh };
    try {
      return await this.apply(rest, wanted, decodeMessages(batch, fresh));
    } catch (error) {
      if (!(error instanceof DatabaseError) || !BAD_DATA.has(error.code?.slice(0, 2) ?? '')) throw error;
      return this.applyOneByOne(rest, wanted, error);
    }
  }

  private async apply(batch: ReceivedBatch, wanted: bigint, sorted: DecodedMessages): Promise<bigint> {
    const { pool, deadLetters, onApplied, now = Date.now } = this.options;
    const end = (batch.messages.at(-1)?.offset as bigint) + 1n;
    // Before the transaction, which must not wait for the broker. A crash in between dead-letters them twice.
    if (sorted.deadLetters.length > 0) await deadLetters.add(sorted.deadLetters);
    const next = await inTransaction(pool, async (tx) => {
      // If another instance has advanced the offset, this one has lost the partition.
      const next = await lockOffset(tx, batch);
      if (next !== wanted) return next;
      await projectEffects(tx, sorted.effects, this.knownUsers, now);
      await storeOffset(tx, batch, end);
      return end;
    });
    if (next !== end) {
      // Another instance owns the partition, or the database was restored.
      this.knownUsers.forget();
      return next;
    }
    this.knownUsers.add(sorted.effects);
    this.report(batch, sorted);
    onApplied(sorted.effects);
    return next;
  }

  /** Isolates the message that the database rejects, and dead-letters it. */
  private async applyOneByOne(batch: ReceivedBatch, wanted: bigint, cause: DatabaseError): Promise<bigint> {
    const [message] = batch.messages;
    if (batch.messages.length === 1 && message) {
      const letter = { topic: batch.topic, partition: batch.partition, message, reason: cause.message };
      return this.apply(batch, wanted, { effects: [], deadLetters: [letter], unknownTypes: [] });
    }
    let next = wanted;
    for (const single of batch.messages) next = await this.readBatch({ ...batch, messages: [single] });
    return next;
  }

  private report({ topic, partition }: PartitionPlace, { effects, deadLetters, unknownTypes }: DecodedMessages): void {
    const { log } = this.options;
    projected.inc(effects.length);
    deadLettered.inc(deadLetters.length);
    skipped.inc(unknownTypes.length);
    const [letter] = deadLetters;
    if (letter) {
      const fields = { topic, partition, count: deadLetters.length, reason: letter.reason };
      log.warn(
        { ...fields, offset: String(letter.message.offset) },
        'unreadable messages were sent to the dead-letter topic',
      );
    }
    if (unknownTypes.length > 0)
      log.warn({ topic, types: [...new Set(unknownTypes)] }, 'skipped events of unknown types');
  }

  /** Whether the messages from `wanted` on do not exist any more. */
  private async mayBeGone(place: PartitionPlace, wanted: bigint): Promise<boolean> {
    // What compaction removes, the last message of the same key replaces.
    return COMPACTED_TOPICS.includes(place.topic) || (await this.isGone(place, wanted));
  }

  /** Whether the broker has deleted messages from `wanted` on. */
  private async isGone({ topic, partition }: PartitionPlace, wanted: bigint): Promise<boolean> {
    const start = await this.options.logStart({ topic, partition });
    if (start <= wanted) return false;
    const fields = { topic, partition, wanted: String(wanted), start: String(start) };
    this.options.log.error(fields, 'the broker deleted events before they were projected; feeds will lack them');
    return true;
  }
}

import { traceProcessing } from '@activity-feed/backend';
import { COMPACTED_TOPICS, type Milliseconds, TOPICS } from '@activity-feed/contracts';
import { type BatchReader, inTransaction, type PartitionPlace, type ReceivedBatch } from '@activity-feed/eventing';
import { type Logger, traceIdOf } from '@activity-feed/hosting';
import { DatabaseError, type Pool, type PoolClient } from 'pg';
import type { Effects } from '../activity/effects';
import { type DecodedMessages, decodeMessages } from '../consume-log/decode-messages';
import { observeFreshness } from '../consume-log/freshness';
import { LogLag } from '../consume-log/log-lag';
import { createOffset, lockOffsets, readOffset, storeOffsets } from '../consume-log/projection-offsets';
import { assertPartitions, recordPartitions } from '../consume-log/topic-partitions';
import type { DeadLetters } from './dead-letters';
import { GatheredWork } from './gathered-work';
import { KnownUsers } from './known-users';
import { projectEffects } from './project-effects';
import { deadLettered, projected, skipped } from './projector-metrics';

/** Messages of one transaction, unless a batch alone has more. */
const GROUP_LIMIT = 5_000;

/** SQLSTATE classes of values that can never be stored: data exception, integrity constraint violation. */
const BAD_DATA = new Set(['22', '23']);

export interface ProjectorOptions {
  pool: Pool;
  /** Transactions at once; the size of `pool`. */
  lanes?: number;
  /** For reads that must not wait for a connection behind the transactions. */
  readPool: Pool;
  deadLetters: DeadLetters;
  log: Logger;
  /** The oldest offset that the broker still has. */
  logStart(place: PartitionPlace): Promise<bigint>;
  onApplied(effects: Effects[]): void;
  now?: () => Milliseconds;
}

/** The messages of a batch that the database lacks. */
interface Fresh {
  readonly batch: ReceivedBatch;
  /** The offset of the first. */
  readonly wanted: bigint;
  /** The offset behind the last. */
  readonly end: bigint;
  readonly decoded: DecodedMessages;
  /** Whether its dead letters are in their topic, although its transaction may have failed. */
  hasLetters?: boolean;
}

/**
 * Writes events to the read models. Batches of several partitions and the next offset of each are one transaction, which costs little
 * more than one for a single event.
 */
export class Projector implements BatchReader {
  readonly groupId = 'feed-projector';
  readonly topics = Object.values(TOPICS);

  readonly lag = new LogLag();
  private readonly knownUsers = new KnownUsers();
  /** The offsets of the database, as far as this process knows. They are compared when it writes. */
  private readonly offsets = new Map<string, bigint>();
  private readonly gathered: GatheredWork<ReceivedBatch, bigint>;

  constructor(private readonly options: ProjectorOptions) {
    this.gathered = new GatheredWork({
      lanes: options.lanes ?? 1,
      limit: GROUP_LIMIT,
      sizeOf: ({ messages }) => messages.length,
      work: (batches) => this.readTogether(batches),
    });
  }

  async checkTopics(partitions: ReadonlyMap<string, number>): Promise<void> {
    const { readPool } = this.options;
    await recordPartitions(readPool, partitions);
    await assertPartitions(readPool, partitions);
  }

  async nextOffset(place: PartitionPlace): Promise<bigint> {
    const { readPool } = this.options;
    const next = await readOffset(readPool, place);
    if (next === 0n) await createOffset(readPool, place);
    this.offsets.set(nameOf(place), next);
    return next;
  }

  async readBatch(batch: ReceivedBatch): Promise<bigint> {
    this.lag.begin(batch);
    const next = await this.gathered.add(batch);
    this.lag.reach(batch, next);
    return next;
  }

  /** Of batches of different partitions. */
  private async readTogether(batches: readonly ReceivedBatch[]): Promise<bigint[]> {
    const fresh = await Promise.all(batches.map((batch) => this.freshOf(batch)));
    const applied = (await this.applyAll(fresh.filter((one) => typeof one === 'object'))).values();
    return fresh.map((one) => (typeof one === 'object' ? (applied.next().value as bigint) : one));
  }

  /** The offset to continue from if the batch has nothing to write. */
  private async freshOf(batch: ReceivedBatch): Promise<Fresh | bigint> {
    const wanted = this.offsets.get(nameOf(batch)) ?? (await this.nextOffset(batch));
    const messages = batch.messages.filter(({ offset }) => offset >= wanted);
    const [first, last] = [messages[0], messages.at(-1)];
    if (!first || !last) return wanted;
    if (first.offset > wanted && !(await this.mayBeGone(batch, wanted))) {
      // The database may have been restored to an earlier state, without some of the known users.
      this.knownUsers.forget();
      return wanted;
    }
    const decoded = decodeMessages(batch, messages);
    return { batch: { ...batch, messages }, wanted, end: last.offset + 1n, decoded };
  }

  /** Returns the offset to continue from for each. */
  private async applyAll(all: readonly Fresh[]): Promise<bigint[]> {
    try {
      if (all.length === 0 || (await this.apply(all))) return all.map(({ end }) => end);
    } catch (error) {
      if (!(error instanceof DatabaseError) || !BAD_DATA.has(error.code?.slice(0, 2) ?? '')) throw error;
      if (all.length === 1) return [await this.applyOneByOne(all[0] as Fresh, error)];
    }
    if (all.length === 1) {
      // Another instance owns the partition, or the database was restored.
      this.knownUsers.forget();
      return [await this.nextOffset((all[0] as Fresh).batch)];
    }
    const next: bigint[] = [];
    for (const one of all) next.push(...(await this.applyAll([one])));
    return next;
  }

  /** False if nothing is written, as the database has another offset of one of the partitions. */
  private async apply(all: readonly Fresh[]): Promise<boolean> {
    const { pool, deadLetters, onApplied, now = Date.now } = this.options;
    const letters = all.flatMap(({ decoded, hasLetters }) => (hasLetters ? [] : decoded.deadLetters));
    // Before the transaction, which must not wait for the broker. A crash in between dead-letters them twice.
    if (letters.length > 0) await deadLetters.add(letters);
    for (const one of all) one.hasLetters = true;
    const effects = all.flatMap(({ decoded }) => decoded.effects);
    const write = async (tx: PoolClient) => {
      const places = all.map(({ batch: { topic, partition }, end }) => ({ topic, partition, offset: end }));
      const locked = await lockOffsets(tx, places);
      // If another instance has advanced an offset, this one has lost the partition.
      if (!all.every(({ wanted }, place) => wanted === locked[place])) return false;
      await projectEffects(tx, effects, this.knownUsers, now);
      await storeOffsets(tx, places);
      return true;
    };
    const received = all.map(({ batch }) => batch);
    const isApplied = await traceProcessing(this.groupId, received, () => inTransaction(pool, write));
    if (!isApplied) return false;
    observeFreshness('projector', effects);
    this.knownUsers.add(effects);
    for (const { batch, end, decoded } of all) {
      this.offsets.set(nameOf(batch), end);
      this.report(batch, decoded);
    }
    onApplied(effects);
    return true;
  }

  /** Isolates the message that the database rejects, and dead-letters it. */
  private async applyOneByOne({ batch, wanted, end }: Fresh, cause: DatabaseError): Promise<bigint> {
    const [message] = batch.messages;
    if (batch.messages.length === 1 && message) {
      const letter = { topic: batch.topic, partition: batch.partition, message, reason: cause.message };
      const decoded = { effects: [], deadLetters: [letter], unknownTypes: [] };
      return (await this.applyAll([{ batch, wanted, end, decoded }]))[0] as bigint;
    }
    let next = wanted;
    for (const single of batch.messages) {
      next = (await this.readTogether([{ ...batch, messages: [single] }]))[0] as bigint;
    }
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
        { ...fields, offset: String(letter.message.offset), trace_id: traceIdOf(letter.message.headers.traceparent) },
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

const nameOf = ({ topic, partition }: PartitionPlace) => `${topic}/${partition}`;

import { setTimeout as pause } from 'node:timers/promises';
import { type Microseconds, type Milliseconds, type Source, toMilliseconds } from '@activity-feed/contracts';
import type { BatchConsumer, BatchReader, LogEnds, PartitionPlace } from '@activity-feed/eventing';
import { giveUpLate, type Logger } from '@activity-feed/hosting';
import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import type { Pool, PoolClient } from 'pg';
import { justBefore } from '../activity/durations';
import { readEpoch } from '../consume-log/log-epoch';
import type { PlacedOffset } from '../consume-log/projection-offsets';
import { assertPartitions } from '../consume-log/topic-partitions';
import { inTurns } from '../timeline-index/queries/in-turns';
import type { TimelineIndex } from '../timeline-index/timeline-index';
import { fillIndex } from './fill-index';
import { IndexTail } from './index-tail';
import { restoreStream } from './restore-stream';
import { type NextOffsets, readOffsets } from './snapshot';

const PROGRESS_EVERY = 1_000_000;
const RETRY = 1_000;
const DROPPED_POLL = 10_000;

export interface IndexProcessOptions {
  index: TimelineIndex;
  budget: number;
  pool: Pool;
  /** For restoring streams. Its statement timeout is short, because reading the log waits for its queries. */
  streamPool: Pool;
  log: Logger;
  consumer(reader: BatchReader): BatchConsumer;
  logEnds(topics: string[]): Promise<(place: PartitionPlace) => LogEnds>;
  /** The time before which activities were dropped; undefined if none were. */
  readDropped(): Promise<Microseconds | undefined>;
  onChange(source: Source): void;
  /** See IndexTailOptions. */
  onEvent?(): void;
  onRestored?(): void;
  /** Called if the index cannot recover; the process should exit. */
  onCrash(error: Error): void;
}

/** Loads the index when the service starts, and then applies the log to it until the service stops. */
export class IndexProcess implements OnApplicationBootstrap, OnApplicationShutdown {
  private caughtUp = false;
  private tail: IndexTail | undefined;
  private writtenUntil: Milliseconds | undefined;
  /** As last passed to the index. */
  private droppedUntil: Microseconds | undefined;
  private readonly stopping = new AbortController();
  private consumer: BatchConsumer | undefined;
  /** The end offsets when reading began, and when they were requested. */
  private ends: { of(place: PartitionPlace): LogEnds; requestedAt: Milliseconds } | undefined;
  private running: Promise<void> = Promise.resolve();
  private settling = false;

  constructor(private readonly options: IndexProcessOptions) {}

  /** Whether the index has reached the end that the log had when reading began. Stays true. */
  get ready(): boolean {
    return this.caughtUp;
  }

  /** Whether the broker does not answer at present, so that no event can arrive. */
  get isStalled(): boolean {
    return !this.consumer?.receiving;
  }

  /**
   * The offset after all events that the index may have, in each partition; empty until the index is loaded and the
   * partitions are known.
   */
  reached(): PlacedOffset[] {
    const { tail } = this;
    return tail?.places.map((place) => ({ ...place, offset: tail.begunUntil(place) })) ?? [];
  }

  /** Events of the log that the index has not applied, as far as it has fetched the log. */
  get behind(): number {
    return this.tail?.behind ?? 0;
  }

  /**
   * The time up to which the database was complete when the index was loaded; undefined until the index is ready. Says
   * nothing about later events.
   */
  get loadedUntil(): Milliseconds | undefined {
    return this.writtenUntil;
  }

  /** `warming` until the index is ready, then `up` while the consumer is reading. */
  async check(): Promise<string> {
    if (!this.caughtUp) return 'warming';
    return this.consumer?.reading ? 'up' : 'down';
  }

  /** Does not wait for the index: until it is ready, pages come from the hypertable. */
  onApplicationBootstrap(): void {
    this.running = this.run().catch((error) => {
      if (!this.stopped) this.options.onCrash(error);
    });
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await giveUpLate('release', { index: this.stop() }, this.options.log);
  }

  private async stop(): Promise<void> {
    await this.consumer?.stop();
    await Promise.all([this.options.pool.end(), this.options.streamPool.end()]);
    await this.running;
  }

  private async run(): Promise<void> {
    const startOffset = await this.load();
    const { index, streamPool, log } = this.options;
    const tail = new IndexTail({
      index,
      startOffset,
      checkTopics: (partitions) => assertPartitions(streamPool, partitions),
      restore: (stream) => restoreStream(streamPool, index, stream, log, () => this.stopped),
      onChange: (source) => {
        this.options.onChange(source);
        this.settleObjects();
        this.checkCaughtUp(tail);
      },
      onEvent: () => this.options.onEvent?.(),
      onRestored: () => this.options.onRestored?.(),
    });
    if (this.stopped) return;
    this.tail = tail;
    this.consumer = this.options.consumer(tail);
    await this.consumer.start();
    await this.waitForEnds(tail);
    await this.watchDropped();
  }

  /** Hides and shows the rows of objects that were deleted and restored, beside reads and the log. */
  private settleObjects(): void {
    const { index, onChange, onCrash } = this.options;
    if (this.settling || index.objects.pending.size === 0) return;
    this.settling = true;
    inTurns(index.settle()).then(() => {
      this.settling = false;
      // Reads may wait for it.
      onChange('activity');
      // Others may have changed at the very end.
      this.settleObjects();
    }, onCrash);
  }

  /** Reads rows and offsets in one snapshot, so that they belong together. */
  private async load(): Promise<NextOffsets> {
    const { index, budget, log } = this.options;
    const client = await this.connect();
    // The loading statement may take minutes; a stop does not wait for it.
    let released = false;
    const release = () => {
      if (!released) client.release(true);
      released = true;
    };
    this.stopping.signal.addEventListener('abort', release);
    // The index may have been stopped while connecting.
    if (this.stopped) release();
    try {
      const startedAt = performance.now();
      let loaded = 0;
      const logProgress = (message: string) =>
        log.info({ activities: loaded, seconds: Math.round(performance.now() - startedAt) / 1_000 }, message);
      await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
      const offsets = await readOffsets(client);
      index.log.epoch = await readEpoch(client);
      this.droppedUntil = await fillIndex(client, index, budget, () => {
        loaded++;
        if (loaded % PROGRESS_EVERY === 0) logProgress('loading the timeline index');
      });
      await client.query('COMMIT');
      logProgress('the timeline index is loaded');
      return offsets;
    } finally {
      this.stopping.signal.removeEventListener('abort', release);
      release();
    }
  }

  private async connect(): Promise<PoolClient> {
    for (;;) {
      try {
        return await this.options.pool.connect();
      } catch (error) {
        if (this.stopped) throw error;
        this.options.log.warn({ err: error }, 'cannot connect to the database to load the timeline index; retrying');
        await this.wait(RETRY);
      }
    }
  }

  private async waitForEnds(tail: IndexTail): Promise<void> {
    while (!this.stopped && !this.ends) {
      try {
        const requestedAt = Date.now();
        this.ends = { of: await this.options.logEnds(tail.topics), requestedAt };
        this.checkCaughtUp(tail);
      } catch (error) {
        this.options.log.warn({ err: error }, 'cannot read the end offsets of the log; retrying');
        await this.wait(RETRY);
      }
    }
  }

  private async watchDropped(): Promise<void> {
    const { index, readDropped, log } = this.options;
    for (; !this.stopped; await this.wait(DROPPED_POLL)) {
      const until = await readDropped().catch(() => undefined);
      if (until === undefined || until === this.droppedUntil) continue;
      this.droppedUntil = until;
      index.endAt(justBefore(until));
      log.info(
        { until: new Date(toMilliseconds(until)).toISOString() },
        'old activities were dropped; pages end there',
      );
    }
  }

  private checkCaughtUp(tail: IndexTail): void {
    const { ends } = this;
    if (this.caughtUp || !ends || tail.places.length === 0) return;
    this.caughtUp =
      tail.places.every((place) => tail.reached(place) >= ends.of(place).end) &&
      tail.hasRecalled((place) => ends.of(place).start);
    if (!this.caughtUp) return;
    this.writtenUntil = Math.min(toMilliseconds(tail.earliestTime), ends.requestedAt);
    this.options.log.info('the timeline index is up to date; pages come from memory');
  }

  private get stopped(): boolean {
    return this.stopping.signal.aborted;
  }

  private async wait(milliseconds: number): Promise<void> {
    await pause(milliseconds, undefined, { signal: this.stopping.signal }).catch(() => undefined);
  }
}

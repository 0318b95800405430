import { setTimeout as pause } from 'node:timers/promises';
import type { Source } from '@activity-feed/contracts';
import type { BatchConsumer, BatchReader, LogEnds, PartitionPlace } from '@activity-feed/eventing';
import { giveUpLate, type Logger } from '@activity-feed/hosting';
import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import type { Pool, PoolClient } from 'pg';
import type { PlacedOffset } from '../consume-log/projection-offsets';
import { assertPartitions } from '../consume-log/topic-partitions';
import type { TimelineIndex } from '../timeline-index/timeline-index';
import { fillIndex } from './fill-index';
import { IndexTail } from './index-tail';
import { restoreStream } from './restore-stream';
import { type NextOffsets, readOffsets } from './snapshot';

const PROGRESS_EVERY = 1_000_000;
const RETRY = 1_000;
/** Milliseconds from one look for what was dropped to the next. */
const LOOK = 10_000;

export interface IndexProcessOptions {
  index: TimelineIndex;
  budget: number;
  /** One connection, whose statements may take long. */
  pool: Pool;
  /** For single streams, whose statements are short: the log waits for them. */
  streamPool: Pool;
  log: Logger;
  consumer(reader: BatchReader): BatchConsumer;
  /** What the broker has of each partition now. */
  logEnds(topics: string[]): Promise<(place: PartitionPlace) => LogEnds>;
  /** Up to when activities were dropped, microseconds since 1970; undefined while none were. */
  readDropped(): Promise<number | undefined>;
  /** Called after events of a source were taken in. */
  onChange(source: Source): void;
  /** The index cannot be had in this process any more, which should end and be started anew. */
  onCrash(error: Error): void;
}

/** Loads the index when the service starts, and keeps it at the end of the log until it stops. */
export class IndexProcess implements OnApplicationBootstrap, OnApplicationShutdown {
  private caughtUp = false;
  private tail: IndexTail | undefined;
  private writtenUntil: number | undefined;
  /** Microseconds since 1970, as the index knows it. */
  private droppedUntil: number | undefined;
  private readonly stopping = new AbortController();
  private consumer: BatchConsumer | undefined;
  /** Of the log, when reading it had begun, and when they were asked for, milliseconds since 1970. */
  private ends: { of(place: PartitionPlace): LogEnds; askedAt: number } | undefined;
  private running: Promise<void> = Promise.resolve();

  constructor(private readonly options: IndexProcessOptions) {}

  /** Whether the index has all that the log had when it was loaded. */
  get ready(): boolean {
    return this.caughtUp;
  }

  /** Whether the log does not answer at present, so that nothing can arrive. */
  get standsStill(): boolean {
    return !this.consumer?.receiving;
  }

  /** How far the index is in each partition; nowhere before it is ready. */
  reached(): PlacedOffset[] {
    const { tail } = this;
    return tail?.places.map((place) => ({ ...place, offset: tail.reached(place) })) ?? [];
  }

  /**
   * Milliseconds since 1970 up to which the database had everything when the index was loaded; undefined until the index
   * is ready. Never later than that moment: of what has come since, this says nothing.
   */
  get loadedUntil(): number | undefined {
    return this.writtenUntil;
  }

  /** `warming` until the index is there; after that it is up for as long as it hears from the log. */
  async check(): Promise<string> {
    if (!this.caughtUp) return 'warming';
    return this.consumer?.reading ? 'up' : 'down';
  }

  /** Not waited for: until the index is there, pages come from the hypertable. */
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
        this.checkCaughtUp(tail);
      },
    });
    if (this.stopped) return;
    this.tail = tail;
    this.consumer = this.options.consumer(tail);
    await this.consumer.start();
    await this.waitForEnds(tail);
    await this.watchDropped();
  }

  /** One snapshot of everything, so that the offsets are those up to which it was written. */
  private async load(): Promise<NextOffsets> {
    const { index, budget, log } = this.options;
    const client = await this.connect();
    // A statement that reads all activities may take minutes: a stop does not wait for it.
    let released = false;
    const release = () => {
      if (!released) client.release(true);
      released = true;
    };
    this.stopping.signal.addEventListener('abort', release);
    // It may have been stopped while it connected.
    if (this.stopped) release();
    try {
      const startedAt = performance.now();
      let loaded = 0;
      const tell = (message: string) =>
        log.info({ activities: loaded, seconds: Math.round(performance.now() - startedAt) / 1_000 }, message);
      await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
      const offsets = await readOffsets(client);
      this.droppedUntil = await fillIndex(client, index, budget, () => {
        loaded++;
        if (loaded % PROGRESS_EVERY === 0) tell('loading the timeline index');
      });
      await client.query('COMMIT');
      tell('the timeline index is loaded');
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
        this.options.log.warn({ err: error }, 'the timeline index cannot be loaded yet; trying again');
        await this.wait(RETRY);
      }
    }
  }

  private async waitForEnds(tail: IndexTail): Promise<void> {
    while (!this.stopped && !this.ends) {
      try {
        const askedAt = Date.now();
        this.ends = { of: await this.options.logEnds(tail.topics), askedAt };
        this.checkCaughtUp(tail);
      } catch (error) {
        this.options.log.warn({ err: error }, 'the end of the log is not known yet; trying again');
        await this.wait(RETRY);
      }
    }
  }

  /** Lets go what the database has dropped since the index was loaded. */
  private async watchDropped(): Promise<void> {
    const { index, readDropped, log } = this.options;
    for (; !this.stopped; await this.wait(LOOK)) {
      const until = await readDropped().catch(() => undefined);
      if (until === undefined || until === this.droppedUntil) continue;
      this.droppedUntil = until;
      // What is of that very moment was not dropped.
      index.endAt(until - 1);
      log.info({ until: new Date(until / 1_000).toISOString() }, 'pages end where activities were dropped');
    }
  }

  private checkCaughtUp(tail: IndexTail): void {
    const { ends } = this;
    if (this.caughtUp || !ends || tail.places.length === 0) return;
    this.caughtUp = tail.places.every((place) => tail.reached(place) >= ends.of(place).end);
    if (!this.caughtUp) return;
    this.writtenUntil = Math.min(Math.floor(tail.earliestTime / 1_000), ends.askedAt);
    this.options.log.info('pages come from memory');
  }

  private get stopped(): boolean {
    return this.stopping.signal.aborted;
  }

  private async wait(milliseconds: number): Promise<void> {
    await pause(milliseconds, undefined, { signal: this.stopping.signal }).catch(() => undefined);
  }
}

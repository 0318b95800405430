import { createPool } from '@activity-feed/backend';
import { type EventMessage, encodeEvent, type StoredEvent, TOPICS } from '@activity-feed/contracts';
import type { BatchConsumer, BatchReader, LogEnds } from '@activity-feed/eventing';
import { Pool } from 'pg';
import { IndexProcess, type IndexProcessOptions } from '../../services/feed/src/load-index/index-process';
import { TimelineIndex } from '../../services/feed/src/timeline-index/timeline-index';
import { eventually } from './eventually';
import { createFeedDatabase } from './feed-databases';
import { silent, type TestDatabase } from './test-database';

export const ACTOR = 7;
/** Milliseconds since 1970: the time of the actor's posts, which are microseconds apart. */
export const TIME = Date.parse('2026-03-10T12:00:00Z');
export const PLACE = { topic: TOPICS.activity, partition: 0 };

/** The nth post of the actor. */
const post = (version: number) =>
  encodeEvent({
    id: `01968a1e-7c00-7000-8000-00000000000${version}`,
    type: 'activity.object-posted.v1',
    stream: ACTOR,
    version,
    time: `2026-03-10T12:00:00.00000${version}+00:00`,
    data: {
      actor: { id: ACTOR, name: 'olga' },
      object: { type: 'post', id: version, content: 'a', owner: { id: ACTOR, name: 'olga' } },
    },
  } as unknown as StoredEvent);

function changed(version: number, type: 'deleted' | 'restored', id: number): EventMessage {
  const actor = { id: ACTOR, name: 'olga' };
  const time = `2026-03-10T12:00:00.00000${version}+00:00`;
  const data = {
    deleted: { actor, object: { type: 'post', id }, target: actor, restorable_until: time },
    restored: { actor, object: { type: 'post', id, content: 'a' }, revision: 1, created_at: time },
  }[type];
  const event = { id: `01968a1e-7c00-7000-8000-00000000000${version}`, type: `activity.object-${type}.v1` };
  return encodeEvent({ ...event, stream: ACTOR, version, time, data } as unknown as StoredEvent);
}

/** A log of one partition for each topic, in place of Kafka. */
class FakeLog implements BatchConsumer {
  reading = false;
  receiving = false;
  /** Posts that it has when reading begins. */
  held = 0;
  private reader: BatchReader | undefined;

  readonly consumer = (reader: BatchReader): BatchConsumer => {
    this.reader = reader;
    return this;
  };

  async start(): Promise<void> {
    await this.reader?.checkTopics?.(new Map(Object.values(TOPICS).map((topic) => [topic, 1])));
    [this.reading, this.receiving] = [true, true];
    for (let offset = Number(await this.wanted()); offset < this.held; offset++) await this.deliver(offset, offset + 1);
  }

  async stop(): Promise<void> {
    this.reading = false;
  }

  wanted(): Promise<bigint> | undefined {
    return this.reader?.nextOffset(PLACE);
  }

  deliver(offset: number, version: number): Promise<void> {
    return this.receive(offset, post(version));
  }

  /** The actor deletes or restores a post. */
  deliverChange(offset: number, version: number, type: 'deleted' | 'restored', id: number): Promise<void> {
    return this.receive(offset, changed(version, type, id));
  }

  private async receive(offset: number, { key, value, headers }: EventMessage): Promise<void> {
    const message = { offset: BigInt(offset), key: Buffer.from(key), value: Buffer.from(value), headers };
    await this.reader?.readBatch({ ...PLACE, messages: [message] });
  }
}

/** End offsets of a log with posts up to `end`. */
export const endsAt =
  (end: bigint) =>
  ({ topic }: { topic: string }): LogEnds => ({ start: 0n, end: topic === PLACE.topic ? end : 0n });

/** A feed's database, a log, and an index that a process fills from both. */
export class IndexUnderTest {
  readonly index = new TimelineIndex({ budget: 65_536, followeeBudget: 1_000 });
  readonly log = new FakeLog();
  readonly crashes: Error[] = [];
  private readonly running = new Set<IndexProcess>();

  private constructor(readonly database: TestDatabase) {}

  static async open(): Promise<IndexUnderTest> {
    return new IndexUnderTest(await createFeedDatabase());
  }

  async close(): Promise<void> {
    await Promise.all([...this.running].map((process) => this.stop(process)));
    await this.database.drop();
  }

  async stop(process: IndexProcess): Promise<void> {
    this.running.delete(process);
    await process.onApplicationShutdown();
  }

  /** `end` is the end offset of the activities' partition. */
  start(end: bigint, more: Partial<IndexProcessOptions> = {}): IndexProcess {
    // Without timeouts, so that only a stop ends a statement that hangs.
    const pool = new Pool({ connectionString: this.database.url, max: 1 });
    // A stop waits for its connection for half a second only. Dropping the database ends it.
    pool.on('error', () => undefined);
    const process = new IndexProcess({
      index: this.index,
      budget: 65_536,
      pool,
      streamPool: createPool(this.database.url, 1, silent),
      log: silent,
      consumer: this.log.consumer,
      logEnds: async () => endsAt(end),
      readDropped: async () => undefined,
      onChange: () => undefined,
      onCrash: (error) => this.crashes.push(error),
      ...more,
    });
    this.running.add(process);
    process.onApplicationBootstrap();
    return process;
  }

  /** Writes the actor's first `count` posts as the projector does. */
  async project(count: number): Promise<void> {
    const { pool } = this.database;
    this.log.held = count;
    await pool.query("INSERT INTO users (id, name) VALUES ($1, 'olga') ON CONFLICT DO NOTHING", [ACTOR]);
    await pool.query(
      `INSERT INTO activities (time, event_id, actor_id, verb, object_type, object_id, log_partition, log_offset)
       SELECT '2026-03-10T12:00:00Z'::timestamptz + n * interval '1 microsecond',
         ('01968a1e-7c00-7000-8000-00000000000' || n)::uuid, $1, 'post', 'post', n, 0, n - 1
       FROM generate_series(1, $2::int) AS n ON CONFLICT DO NOTHING`,
      [ACTOR, count],
    );
    await pool.query(
      `INSERT INTO applied_versions VALUES ('activity', $1, $2)
       ON CONFLICT (source, stream) DO UPDATE SET version = excluded.version`,
      [ACTOR, count],
    );
    await pool.query(
      `INSERT INTO projection_offsets VALUES ($1, $2, $3)
       ON CONFLICT (topic, partition) DO UPDATE SET next_offset = excluded.next_offset`,
      [PLACE.topic, PLACE.partition, count],
    );
  }

  /** The actor's posts in the index, newest first. */
  posts(): number[] {
    const { rows } = this.index.find(Uint32Array.of(this.index.users.number(ACTOR)), 10);
    return Array.from(rows, (row) => this.index.rows.objectIdOf(row as never));
  }

  isReading(): Promise<boolean> {
    return eventually('it reads the log', () => this.log.reading);
  }

  isReady(process: IndexProcess): Promise<boolean> {
    return eventually('the index is ready', () => process.ready);
  }
}

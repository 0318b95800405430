import { createPool } from '@activity-feed/backend';
import { encodeEvent, type StoredEvent, TOPICS } from '@activity-feed/contracts';
import type { BatchConsumer, BatchReader, LogEnds } from '@activity-feed/eventing';
import { Client, Pool } from 'pg';
import { eventually } from '../../../../test/harness/eventually';
import { createFeedDatabase } from '../../../../test/harness/feed-databases';
import { TcpProxy } from '../../../../test/harness/tcp-proxy';
import { silent, type TestDatabase } from '../../../../test/harness/test-database';
import { TimelineIndex } from '../timeline-index/timeline-index';
import { IndexProcess, type IndexProcessOptions } from './index-process';

const ACTOR = 7;
const TIME = Date.parse('2026-03-10T12:00:00Z');
const PLACE = { topic: TOPICS.activity, partition: 0 };

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

/** A log of one partition for each topic, in place of Kafka. */
class FakeLog implements BatchConsumer {
  reading = false;
  receiving = false;
  private reader: BatchReader | undefined;

  readonly consumer = (reader: BatchReader): BatchConsumer => {
    this.reader = reader;
    return this;
  };

  async start(): Promise<void> {
    await this.reader?.checkTopics?.(new Map(Object.values(TOPICS).map((topic) => [topic, 1])));
    [this.reading, this.receiving] = [true, true];
  }

  async stop(): Promise<void> {
    this.reading = false;
  }

  wanted(): Promise<bigint> | undefined {
    return this.reader?.nextOffset(PLACE);
  }

  async deliver(offset: number, version: number): Promise<void> {
    const { key, value, headers } = post(version);
    const message = { offset: BigInt(offset), key: Buffer.from(key), value: Buffer.from(value), headers };
    await this.reader?.readBatch({ ...PLACE, messages: [message] });
  }
}

describe('the index process', () => {
  let database: TestDatabase;
  let index: TimelineIndex;
  let log: FakeLog;
  let crashes: Error[];
  let running: IndexProcess[];

  beforeEach(async () => {
    database = await createFeedDatabase();
    index = new TimelineIndex({ budget: 65_536, followeeBudget: 1_000 });
    log = new FakeLog();
    [crashes, running] = [[], []];
  });
  afterEach(async () => {
    await Promise.all(running.map((process) => process.onApplicationShutdown()));
    await database.drop();
  });

  /** `end` is the end offset of the activities' partition. */
  function start(end: bigint, more: Partial<IndexProcessOptions> = {}): IndexProcess {
    const process = new IndexProcess({
      index,
      budget: 65_536,
      // Without timeouts, so that only a stop ends a statement that hangs.
      pool: new Pool({ connectionString: database.url, max: 1 }),
      streamPool: createPool(database.url, 1, silent),
      log: silent,
      consumer: log.consumer,
      logEnds: async () => endsAt(end),
      readDropped: async () => undefined,
      onChange: () => undefined,
      onCrash: (error) => crashes.push(error),
      ...more,
    });
    running.push(process);
    process.onApplicationBootstrap();
    return process;
  }

  const endsAt =
    (end: bigint) =>
    ({ topic }: { topic: string }): LogEnds => ({
      start: 0n,
      end: topic === PLACE.topic ? end : 0n,
    });

  /** Writes the actor's first `count` posts as the projector does. */
  async function project(count: number): Promise<void> {
    const { pool } = database;
    await pool.query("INSERT INTO users (id, name) VALUES ($1, 'olga') ON CONFLICT DO NOTHING", [ACTOR]);
    await pool.query(
      `INSERT INTO activities (time, event_id, actor_id, verb, object_type, object_id)
       SELECT '2026-03-10T12:00:00Z'::timestamptz + n * interval '1 microsecond',
         ('01968a1e-7c00-7000-8000-00000000000' || n)::uuid, $1, 'post', 'post', n
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
  function posts(): number[] {
    const { rows } = index.find(Uint32Array.of(index.users.number(ACTOR)), 10);
    return Array.from(rows, (row) => index.rows.objectIdOf(row as never));
  }

  const isReading = () => eventually('it reads the log', () => log.reading);
  const isReady = (process: IndexProcess) => eventually('the index is ready', () => process.ready);

  it('loads a snapshot and reads the log from the offsets of that snapshot', async () => {
    await project(2);
    const process = start(2n);
    await isReady(process);
    expect(await log.wanted()).toBe(2n);
    expect(posts()).toEqual([2, 1]);
    expect(index.versionOf('activity', ACTOR)).toBe(2);
    expect(process.reached()).toContainEqual({ ...PLACE, offset: 2n });
    await log.deliver(2, 3);
    expect(posts()).toEqual([3, 2, 1]);
    expect(process.reached()).toContainEqual({ ...PLACE, offset: 3n });
  });

  it('is warming until it has reached the end that the log had when reading began', async () => {
    await project(1);
    const process = start(3n);
    await isReading();
    await log.deliver(1, 2);
    expect([process.ready, process.loadedUntil, await process.check()]).toEqual([false, undefined, 'warming']);
    await log.deliver(2, 3);
    await isReady(process);
    expect(await process.check()).toBe('up');
    // Nothing shows that the database has the events from the log, the first of which has this time.
    expect(process.loadedUntil).toBe(TIME);
    log.reading = false;
    expect(await process.check()).toBe('down');
  });

  it('considers the database complete up to when the end offsets were read, if no event has arrived since', async () => {
    await project(1);
    const before = Date.now();
    const process = start(1n);
    await isReady(process);
    expect(process.loadedUntil).toBeGreaterThanOrEqual(before);
    expect(process.loadedUntil).toBeLessThanOrEqual(Date.now());
  });

  it('fills a gap in a stream from the database', async () => {
    const process = start(0n);
    await isReady(process);
    await project(3);
    await log.deliver(2, 3);
    expect(posts()).toEqual([3, 2, 1]);
    expect(index.versionOf('activity', ACTOR)).toBe(3);
  });

  it('reports the source of applied events', async () => {
    const onChange = jest.fn();
    await isReady(start(0n, { onChange }));
    await log.deliver(0, 1);
    expect(onChange.mock.calls).toEqual([['activity']]);
  });

  it('retries reading the end offsets until the broker answers', async () => {
    const logEnds = jest.fn(async () => endsAt(0n));
    logEnds.mockRejectedValueOnce(new Error('no broker'));
    await isReady(start(0n, { logEnds }));
    expect(logEnds).toHaveBeenCalledTimes(2);
    expect(crashes).toEqual([]);
  });

  it('retries connecting until the database answers', async () => {
    await project(1);
    const { hostname, port } = new URL(database.url);
    const proxy = await TcpProxy.to(hostname, Number(port));
    const url = new URL(database.url);
    [url.hostname, url.port] = ['127.0.0.1', String(proxy.port)];
    proxy.cut();
    const pool = new Pool({ connectionString: url.href, max: 1 });
    const connect = jest.spyOn(pool, 'connect');
    try {
      const process = start(1n, { pool });
      await eventually('it has tried', () => connect.mock.calls.length > 0);
      await expect(connect.mock.results[0]?.value).rejects.toThrow();
      proxy.restore();
      await isReady(process);
      expect(posts()).toEqual([1]);
    } finally {
      await proxy.close();
    }
  });

  it('removes activities that were dropped during loading', async () => {
    await project(2);
    const dropped = TIME * 1_000 + 2;
    await isReady(start(2n, { readDropped: async () => dropped }));
    await eventually('pages end there', () => index.floor === dropped - 1);
    // The limit is exclusive.
    expect(posts()).toEqual([2]);
  });

  it('is stalled while the broker answers no fetch', async () => {
    const process = start(0n);
    expect(process.isStalled).toBe(true);
    await isReady(process);
    expect(process.isStalled).toBe(false);
    log.receiving = false;
    expect(process.isStalled).toBe(true);
  });

  it('crashes if the database cannot be loaded', async () => {
    await database.pool.query('DROP TABLE applied_versions');
    start(0n);
    await eventually('it has crashed', () => crashes.length > 0);
    expect(crashes[0]?.message).toMatch(/applied_versions/);
  });

  it('stops while a loading statement hangs, without reporting a crash', async () => {
    const other = new Client({ connectionString: database.url });
    await other.connect();
    try {
      await other.query('BEGIN; LOCK TABLE users');
      const process = start(0n);
      await eventually('it waits for the lock', async () => {
        const { rows } = await database.pool.query(
          "SELECT FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'COPY%' AND wait_event_type = 'Lock'",
        );
        return rows.length === 1;
      });
      await process.onApplicationShutdown();
      running = [];
      expect(crashes).toEqual([]);
      expect(log.reading).toBe(false);
    } finally {
      await other.end();
    }
  });
});

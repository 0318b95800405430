import { fromMilliseconds, LOG_START, type Microseconds } from '@activity-feed/contracts';
import { Client, Pool } from 'pg';
import { eventually } from '../../../../test/harness/eventually';
import { ACTOR, endsAt, IndexUnderTest, PLACE, TIME } from '../../../../test/harness/index-under-test';
import { TcpProxy } from '../../../../test/harness/tcp-proxy';

describe('the index process', () => {
  let feed: IndexUnderTest;

  beforeEach(async () => {
    feed = await IndexUnderTest.open();
  });
  afterEach(() => feed?.close());

  it('loads a snapshot and reads the log from the offsets of that snapshot', async () => {
    await feed.project(2);
    const process = feed.start(2n);
    await feed.isReady(process);
    expect(await feed.log.wanted()).toBe(2n);
    expect(feed.posts()).toEqual([2, 1]);
    expect(feed.index.versionOf('activity', ACTOR)).toBe(2);
    expect(process.reached()).toContainEqual({ ...PLACE, offset: 2n });
    await feed.log.deliver(2, 3);
    expect(feed.posts()).toEqual([3, 2, 1]);
    expect(process.reached()).toContainEqual({ ...PLACE, offset: 3n });
  });

  it('recalls the events before the snapshot from the log', async () => {
    await feed.project(2);
    await feed.isReady(feed.start(2n));
    await feed.log.deliver(2, 3);
    const since = (offset: number) =>
      Array.from(feed.index.recentLog.since({ ...LOG_START, activity: [offset] }) ?? [], ({ place, rows }) => [
        place.offset,
        ...rows.map((row) => feed.index.rows.objectIdOf(row)),
      ]);
    const posts = [
      [0, 1],
      [1, 2],
      [2, 3],
    ];
    for (const offset of [0, 1, 2, 3]) expect(since(offset)).toEqual(posts.slice(offset));
    expect(feed.posts()).toEqual([3, 2, 1]);
  });

  it('has no position before a gap', async () => {
    await feed.isReady(feed.start(0n));
    await feed.project(3);
    await feed.log.deliver(2, 3);
    const { recentLog } = feed.index;
    expect(recentLog.since({ ...LOG_START, activity: [2] })).toBeUndefined();
    expect([...(recentLog.since({ ...LOG_START, activity: [3] }) ?? [])]).toEqual([]);
  });

  it('is warming until it has reached the end that the log had when reading began', async () => {
    await feed.project(1);
    const process = feed.start(3n);
    await feed.isReading();
    await feed.log.deliver(1, 2);
    expect([process.ready, process.loadedUntil, await process.check()]).toEqual([false, undefined, 'warming']);
    await feed.log.deliver(2, 3);
    await feed.isReady(process);
    expect(await process.check()).toBe('up');
    // Nothing shows that the database has the events from the log, the first of which has this time.
    expect(process.loadedUntil).toBe(TIME);
    feed.log.reading = false;
    expect(await process.check()).toBe('down');
  });

  it('considers the database complete up to when the end offsets were read, if no event has arrived since', async () => {
    await feed.project(1);
    const before = Date.now();
    const process = feed.start(1n);
    await feed.isReady(process);
    expect(process.loadedUntil).toBeGreaterThanOrEqual(before);
    expect(process.loadedUntil).toBeLessThanOrEqual(Date.now());
  });

  it('fills a gap in a stream from the database', async () => {
    const process = feed.start(0n);
    await feed.isReady(process);
    await feed.project(3);
    await feed.log.deliver(2, 3);
    expect(feed.posts()).toEqual([3, 2, 1]);
    expect(feed.index.versionOf('activity', ACTOR)).toBe(3);
  });

  it('reports the source of applied events', async () => {
    const onChange = jest.fn();
    await feed.isReady(feed.start(0n, { onChange }));
    await feed.log.deliver(0, 1);
    expect(onChange.mock.calls).toEqual([['activity']]);
  });

  it('retries reading the end offsets until the broker answers', async () => {
    const logEnds = jest.fn(async () => endsAt(0n));
    logEnds.mockRejectedValueOnce(new Error('no broker'));
    await feed.isReady(feed.start(0n, { logEnds }));
    expect(logEnds).toHaveBeenCalledTimes(2);
    expect(feed.crashes).toEqual([]);
  });

  it('retries connecting until the database answers', async () => {
    await feed.project(1);
    const { hostname, port } = new URL(feed.database.url);
    const proxy = await TcpProxy.to(hostname, Number(port));
    const url = new URL(feed.database.url);
    [url.hostname, url.port] = ['127.0.0.1', String(proxy.port)];
    proxy.cut();
    const pool = new Pool({ connectionString: url.href, max: 1 });
    const connect = jest.spyOn(pool, 'connect');
    try {
      const process = feed.start(1n, { pool });
      await eventually('it has tried', () => connect.mock.calls.length > 0);
      await expect(connect.mock.results[0]?.value).rejects.toThrow();
      proxy.restore();
      await feed.isReady(process);
      expect(feed.posts()).toEqual([1]);
    } finally {
      await proxy.close();
    }
  });

  it('removes activities that were dropped during loading', async () => {
    await feed.project(2);
    const dropped = (fromMilliseconds(TIME) + 2) as Microseconds;
    await feed.isReady(feed.start(2n, { readDropped: async () => dropped }));
    await eventually('pages end there', () => feed.index.floor === dropped - 1);
    // The limit is exclusive.
    expect(feed.posts()).toEqual([2]);
  });

  it('is stalled while the broker answers no fetch', async () => {
    const process = feed.start(0n);
    expect(process.isStalled).toBe(true);
    await feed.isReady(process);
    expect(process.isStalled).toBe(false);
    feed.log.receiving = false;
    expect(process.isStalled).toBe(true);
  });

  it('hides a deleted object at once, and shows a restored one before reads that require it', async () => {
    await feed.project(3);
    const process = feed.start(3n);
    await feed.isReady(process);
    await feed.log.deliverChange(3, 4, 'deleted', 2);
    expect(feed.index.isSettled('activity', ACTOR, 4, false)).toBe(true);
    expect(feed.posts()).toEqual([3, 1]);
    await feed.log.deliverChange(4, 5, 'restored', 2);
    const isSettled = () => feed.index.isSettled('activity', ACTOR, 5, false);
    expect(isSettled()).toBe(false);
    await eventually('all of it is shown', isSettled);
    expect(feed.posts()).toEqual([3, 2, 1]);
  });

  it('crashes if the database cannot be loaded', async () => {
    await feed.database.pool.query('DROP TABLE applied_versions');
    feed.start(0n);
    await eventually('it has crashed', () => feed.crashes.length > 0);
    expect(feed.crashes[0]?.message).toMatch(/applied_versions/);
  });

  it('stops while a loading statement hangs, without reporting a crash', async () => {
    const other = new Client({ connectionString: feed.database.url });
    await other.connect();
    try {
      await other.query('BEGIN; LOCK TABLE users');
      const process = feed.start(0n);
      await eventually('it waits for the lock', async () => {
        const { rows } = await feed.database.pool.query(
          "SELECT FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'COPY%' AND wait_event_type = 'Lock'",
        );
        return rows.length === 1;
      });
      await feed.stop(process);
      expect(feed.crashes).toEqual([]);
      expect(feed.log.reading).toBe(false);
    } finally {
      await other.end();
    }
  });
});

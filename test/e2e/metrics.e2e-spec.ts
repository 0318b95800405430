import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ApiClient } from '../harness/api-client';
import { EventStream } from '../harness/event-stream';
import { eventually } from '../harness/eventually';
import { Metrics } from '../harness/metrics';
import type { ServiceProcess } from '../harness/service-process';
import { System } from '../harness/system';

/** The names in the first column of the table of metrics in docs/operations.md. */
function documented(): string[] {
  const text = readFileSync(join(__dirname, '../../docs/operations.md'), 'utf8');
  const [, rows = ''] = /\n\| metric +\| meaning +\|\n\|[ |-]+\n((?:\|.*\n)+)/.exec(text) ?? [];
  return rows
    .split('\n')
    .flatMap((row) => [...(row.split('|')[1] ?? '').matchAll(/`(\w+)`/g)].map(([, name]) => name as string));
}

const isOfProcess = (name: string) => /^(process|nodejs)_/.test(name);

describe('metrics', () => {
  let system: System;
  let gateway: ServiceProcess;
  let ivan: ApiClient;
  let nico: ApiClient;

  beforeAll(async () => {
    system = await System.start({ proxied: ['postgres', 'redis'] });
    [gateway] = system.gateways as [ServiceProcess];
    [ivan, nico] = await Promise.all([system.as('ivan'), system.as('nico')]);
    // The first command is sent twice: its answer tells the gateway the service's clock.
    await nico.post('post', 'first');
  });
  afterAll(() => system?.stop());

  /** How much the sum of a metric's samples with `labels` grows by `work`, once it has grown that much. */
  async function growth(
    process: ServiceProcess,
    name: string,
    labels: Record<string, string>,
    expected: number,
    work: () => Promise<unknown>,
  ) {
    const sum = async () => (await Metrics.of(process)).sum(name, labels);
    const before = await sum();
    await work();
    await eventually(`${name} has grown`, async () => (await sum()) >= before + expected);
    return (await sum()) - before;
  }

  it('are those that are documented, on all services', async () => {
    const exposed = await Promise.all(system.processes.map(Metrics.of));
    for (const { types } of exposed) {
      expect([...types.keys()]).toEqual(
        expect.arrayContaining(['process_cpu_seconds_total', 'nodejs_gc_duration_seconds']),
      );
    }
    const names = new Set(exposed.flatMap(({ types }) => [...types.keys()]));
    expect([...names].filter((name) => !isOfProcess(name)).sort()).toEqual(documented().sort());
  });

  it('have names by Prometheus’ conventions', async () => {
    for (const { types } of await Promise.all(system.processes.map(Metrics.of))) {
      for (const [name, type] of types) {
        if (isOfProcess(name)) continue;
        expect(name).toMatch(/^[a-z]+(_[a-z]+)*$/);
        expect([name, name.endsWith('_total')]).toEqual([name, type === 'counter']);
        expect(name).not.toMatch(/_(count|sum|bucket|ms|milliseconds|microseconds|minutes|kb|kilobytes|megabytes)$/);
        expect([name, /duration|freshness/.test(name)]).toEqual([
          name,
          type === 'histogram' && name.endsWith('_seconds'),
        ]);
      }
    }
  });

  it('of the gateway are not on its public port', async () => {
    expect(await ivan.get('/metrics')).toMatchObject({ status: 404 });
  });

  it('count requests by route and status, whatever their paths', async () => {
    const name = 'http_request_duration_seconds_count';
    const ask = (path: string, times: number) => () =>
      Promise.all(Array.from({ length: times }, (_, index) => ivan.get(path.replace('N', String(index + 900)))));
    const friends = { method: 'GET', route: '/feed/friends', status: '200' };
    expect(await growth(gateway, name, friends, 7, ask('/feed/friends?limit=5', 7))).toBe(7);
    const missing = { method: 'GET', route: '/objects/:object', status: '404' };
    expect(await growth(gateway, name, missing, 5, ask('/objects/photo:N', 5))).toBe(5);
    const unknown = { method: 'GET', route: 'none', status: '404' };
    expect(await growth(gateway, name, unknown, 20, ask('/nowhere/N', 20))).toBe(20);
    expect((await Metrics.of(gateway)).of(name, { route: 'none' })).toHaveLength(1);
  });

  it('count the requests of gateways at the services behind them', async () => {
    const { activity, feed } = system.services;
    const page = () => Promise.all([ivan.get('/feed/friends'), ivan.get('/feed/my')]);
    expect(await growth(feed, 'feed_read_duration_seconds_count', { read: 'page' }, 2, page)).toBe(2);
    const pattern = { pattern: 'activity.post-object' };
    const post = () => nico.post('post', 'text');
    // A command is sent twice if the gateway does not know the service's clock.
    expect([1, 2]).toContain(await growth(activity, 'rpc_request_duration_seconds_count', pattern, 1, post));
  });

  it('count commands by their outcome', async () => {
    const { activity, 'social-graph': socialGraph } = system.services;
    const name = 'command_duration_seconds_count';
    const photo = await nico.photo();
    const like = { command: 'activity.like-object' };
    const twice = async () => [await ivan.like(photo), await ivan.like(photo)];
    expect(await growth(activity, name, { ...like, outcome: 'recorded' }, 1, twice)).toBe(1);
    expect((await Metrics.of(activity)).sum(name, { ...like, outcome: 'unchanged' })).toBe(1);
    const follow = { command: 'social-graph.follow-user', outcome: 'rejected' };
    expect(await growth(socialGraph, name, follow, 1, () => ivan.send('/follow', { follow: 'ivan' }))).toBe(1);
    expect(await growth(activity, 'command_batch_size_sum', {}, 1, () => nico.post('post', 'text'))).toBe(1);
  });

  it('show that every event arrives, and how soon', async () => {
    const { activity, feed } = system.services;
    await nico.post('post', 'text');
    await ivan.friendsFeed();
    await eventually('everything is applied', async () => {
      const [sent, applied] = await Promise.all([Metrics.of(activity), Metrics.of(feed)]);
      const lags = [
        ...sent.of('relay_lag_events', { topic: 'activity.events.v1' }),
        ...applied.of('feed_projector_lag_events', { topic: 'activity.events.v1' }),
        ...applied.of('feed_index_behind_events'),
      ];
      const events = sent.sum('relay_batch_size_sum', { topic: 'activity.events.v1' });
      const isApplied = (by: string) => applied.sum('feed_freshness_seconds_count', { by }) >= events;
      return (
        lags.length === 3 && lags.every(({ value }) => value === 0) && isApplied('reader') && isApplied('projector')
      );
    });
    const applied = await Metrics.of(feed);
    for (const by of ['reader', 'projector']) {
      const [count, sum] = ['count', 'sum'].map((part) => applied.sum(`feed_freshness_seconds_${part}`, { by }));
      expect((sum as number) / (count as number)).toBeGreaterThan(0);
      expect((sum as number) / (count as number)).toBeLessThan(10);
    }
    expect(applied.sum('feed_index_rows')).toBeGreaterThan(0);
    expect(applied.sum('feed_index_bytes')).toBeGreaterThanOrEqual(60 * applied.sum('feed_index_rows'));
    expect(applied.sum('feed_index_window_seconds')).toBeGreaterThan(0);
  });

  it('show what a relay has not sent', async () => {
    const { activity } = system.services;
    const lag = async () => (await Metrics.of(activity)).sum('relay_lag_events', { topic: 'activity.events.v1' });
    const release = await system.holdRelay();
    await nico.post('post', 'waits');
    expect(await lag()).toBeGreaterThanOrEqual(1);
    await release();
    await eventually('all are sent', async () => (await lag()) === 0);
  });

  it('count open streams', async () => {
    const open = async () => {
      const [here, there] = await Promise.all([Metrics.of(gateway), Metrics.of(system.services.feed)]);
      return ['friends', 'notifications'].flatMap((list) => [
        here.sum('open_streams', { list }),
        there.sum('feed_open_streams', { list }),
      ]);
    };
    const headers = { 'x-app-key': ivan.key };
    const streams = await Promise.all(
      ['/feed/friends/stream', '/feed/friends/stream', '/notifications/stream'].map((path) =>
        EventStream.open(system.address() + path, headers),
      ),
    );
    await eventually('they are counted', async () => `${await open()}` === '2,2,1,1');
    for (const stream of streams) stream.close();
    await eventually('none is', async () => `${await open()}` === '0,0,0,0');
  });

  it('show connections to the servers', async () => {
    const { activity, feed } = system.services;
    for (const process of [gateway, activity, feed]) expect((await Metrics.of(process)).sum('redis_up')).toBe(1);
    const [written, read] = await Promise.all([Metrics.of(activity), Metrics.of(feed)]);
    expect(written.sum('pg_pool_connections', { pool: 'transactions' })).toBeGreaterThan(0);
    expect(read.sum('pg_pool_connections', { pool: 'projector' })).toBeGreaterThan(0);
    expect(written.sum('kafka_request_duration_seconds_count', { request: 'Produce' })).toBeGreaterThan(0);
    expect(read.sum('kafka_request_duration_seconds_count', { request: 'Fetch' })).toBeGreaterThan(0);
  });

  it('show that Redis is down', async () => {
    const isUp = async () => (await Metrics.of(gateway)).sum('redis_up');
    const proxy = system.proxyTo('redis');
    proxy.cut();
    try {
      await eventually('it is noticed', async () => (await isUp()) === 0);
      const failures = await growth(gateway, 'redis_command_failures_total', {}, 1, () => nico.post('post', 'text'));
      expect(failures).toBeGreaterThan(0);
      const metrics = await Metrics.of(gateway);
      expect(metrics.of('dependency_up', { dependency: 'redis' })).toMatchObject([{ value: 0 }]);
      expect(metrics.of('dependency_up', { dependency: 'social-graph' })).toMatchObject([{ value: 1 }]);
      expect(metrics.sum('service_ready')).toBe(1);
    } finally {
      proxy.restore();
    }
    await eventually('it is up again', async () => (await isUp()) === 1);
  });

  it('are served while a database hangs, without what only the database knows', async () => {
    const { activity } = system.services;
    const proxy = system.proxyTo('postgres');
    proxy.hang();
    try {
      const metrics = await Metrics.of(activity);
      expect(metrics.of('relay_lag_events')).toEqual([]);
      expect(metrics.of('commands_waiting')).toHaveLength(1);
    } finally {
      proxy.restore();
    }
  });
});

import { advisoryLock } from '@activity-feed/contracts';
import type { Client } from 'pg';
import { request } from '../harness/api-client';
import { eventually } from '../harness/eventually';
import { LoneServices } from '../harness/lone-services';
import { testServers, uniqueName } from '../harness/servers';
import type { ServiceProcess } from '../harness/service-process';
import { System, through } from '../harness/system';
import { TcpProxy } from '../harness/tcp-proxy';

/** Milliseconds in which a process must exit on SIGTERM, with a margin for a busy machine. */
const SOON = 20_000;

/** Sessions in this database that wait for a lock. */
const WAITING = `
SELECT query FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;

describe('a starting service', () => {
  let lone: LoneServices;
  beforeEach(() => {
    lone = new LoneServices();
  });
  afterEach(() => lone.end());

  async function createDatabase(url: string): Promise<Client> {
    const maintenance = await lone.connect(url.replace(/[^/]*$/, 'postgres'));
    await maintenance.query(`CREATE DATABASE ${new URL(url).pathname.slice(1)}`);
    return lone.connect(url);
  }

  const health = (of: ServiceProcess, path: 'live' | 'ready') =>
    request(`http://127.0.0.1:${of.httpPort}`, `/health/${path}`);

  /** Waits until readiness is `starting` with this state of the database. */
  async function startingWith(of: ServiceProcess, state: string): Promise<void> {
    await eventually(`${of.name} is starting, its database ${state}`, async () => {
      const { status, body } = await health(of, 'ready');
      return status === 503 && body.status === 'starting' && Object.values(body.dependencies).includes(state);
    });
    expect(await health(of, 'live')).toMatchObject({ status: 200, body: { status: 'alive' } });
  }

  it.each(['activity', 'social-graph', 'feed'] as const)(
    'exits immediately on SIGTERM while its migration waits for another instance: %s',
    async (name) => {
      const url = lone.newDatabase(name);
      const other = await createDatabase(url);
      await other.query(`SELECT pg_advisory_lock(${advisoryLock('migrations')})`);
      const starting = await lone.service(name, url);
      starting.launch();
      await startingWith(starting, 'migrating');
      const waiting = async () => (await other.query(WAITING)).rowCount;
      await eventually('it waits for the lock', async () => (await waiting()) === 1);
      await expectToEndAtOnce(starting);
      await eventually('its session is gone', async () => (await waiting()) === 0);
    },
  );

  it.each(['activity', 'social-graph', 'feed'] as const)(
    'waits for a database server that is down, and exits immediately on SIGTERM meanwhile: %s',
    async (name) => {
      const proxy = await lone.proxyToDatabase(name);
      proxy.cut();
      const starting = await lone.service(name, through(proxy, lone.newDatabase(name)));
      starting.launch();
      await startingWith(starting, 'down');
      expect(starting.output).toContain('"msg":"waiting for the database"');
      await expectToEndAtOnce(starting);

      starting.launch();
      await startingWith(starting, 'down');
      proxy.restore();
      await eventually('it is ready', async () => (await health(starting, 'ready')).status === 200, { within: 30_000 });
      expect(starting.output).not.toContain('did not start');
    },
  );

  it('answers health requests without interruption, even during its migration', async () => {
    const url = lone.newDatabase('activity');
    const other = await createDatabase(url);
    await other.query(`SELECT pg_advisory_lock(${advisoryLock('migrations')})`);
    const starting = await lone.service('activity', url);
    starting.launch();
    await startingWith(starting, 'migrating');
    await other.query(`SELECT pg_advisory_unlock(${advisoryLock('migrations')})`);
    const seen = new Set<number>();
    while (!seen.has(200)) {
      expect((await health(starting, 'live')).status).toBe(200);
      seen.add((await health(starting, 'ready')).status);
    }
    expect([...seen].filter((status) => status !== 200 && status !== 503)).toEqual([]);
  });

  it('exits if it has no permission to create its database', async () => {
    const role = uniqueName();
    const maintenance = await lone.connect(`${testServers().postgres}/postgres`);
    await maintenance.query(`CREATE ROLE ${role} LOGIN`);
    const url = new URL(lone.newDatabase('activity'));
    url.username = role;
    const refused = await lone.service('activity', url.href);
    const child = refused.launch();
    await eventually('it has exited', () => child.exitCode !== null);
    expect(child.exitCode).toBe(1);
    expect(refused.output).toContain('activity did not start: permission denied to create database');
    await maintenance.query(`DROP ROLE ${role}`);
  });

  it('exits immediately on SIGTERM while it loads the timeline index', async () => {
    const url = lone.newDatabase('feed');
    const feed = await lone.service('feed', url, { FEED_ROLE: 'reader' });
    await feed.start();
    await feed.end('SIGTERM');
    const other = await lone.connect(url);
    await other.query('BEGIN; LOCK TABLE users');
    // A separate connection: within a transaction, pg_stat_activity does not change.
    const watching = await lone.connect(url);
    feed.launch();
    await eventually('it copies', async () => {
      const { rows } = await watching.query<{ query: string }>(WAITING);
      return rows.some(({ query }) => query.startsWith('COPY'));
    });
    await expectToEndAtOnce(feed);
  });
});

describe('a service without a reachable Kafka', () => {
  let lone: LoneServices;
  let kafka: TcpProxy;
  beforeEach(async () => {
    lone = new LoneServices();
    const { hostname, port } = new URL(`kafka://${testServers().brokers[0]}`);
    kafka = await TcpProxy.to(hostname, Number(port));
  });
  afterEach(async () => {
    await lone.end();
    await kafka.close();
  });

  it.each(['cut', 'hang'] as const)('exits immediately on SIGTERM: %s', async (how) => {
    kafka[how]();
    const KAFKA_BROKERS = `127.0.0.1:${kafka.port}`;
    const activity = await lone.service('activity', lone.newDatabase('activity'), { KAFKA_BROKERS });
    await activity.start('degraded');
    await expectToEndAtOnce(activity);
  });
});

async function expectToEndAtOnce(service: ServiceProcess): Promise<void> {
  const startedAt = performance.now();
  expect(await service.end('SIGTERM')).toBe(0);
  expect(performance.now() - startedAt).toBeLessThan(SOON);
}

describe('a system whose services have one database connection each', () => {
  let system: System;
  beforeAll(async () => {
    const one = { DATABASE_POOL_SIZE: '1' };
    system = await System.start({ environment: { 'social-graph': one, activity: one, feed: one } });
  }, 120_000);
  afterAll(() => system?.stop());

  it('starts with its demo users and answers requests', async () => {
    const [ivan, nico] = [await system.as('ivan'), await system.as('nico')];
    const posts = await Promise.all(Array.from({ length: 5 }, (_, index) => nico.post('post', `${index}`)));
    await Promise.all([ivan.follow('nico'), ...posts.map(({ body }) => ivan.like(`post:${body.object_id}`))]);
    expect(await ivan.after(...posts).friendsFeed()).toHaveLength(5);
    expect(await ivan.myFeed()).toHaveLength(6);
  });
});

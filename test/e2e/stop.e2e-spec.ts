import { connect } from 'node:net';
import { Client } from 'pg';
import type { ApiClient } from '../harness/api-client';
import { eventually } from '../harness/eventually';
import { LocalBroker } from '../harness/local-broker';
import { describeWithOwnServers } from '../harness/servers';
import type { ServiceProcess } from '../harness/service-process';
import { System } from '../harness/system';

/** Milliseconds in which a process must exit on SIGTERM if it need not wait for anything. */
const AT_ONCE = 3_000;
/** The limit if a server does not answer pending requests: then the supervisor kills the process. */
const STOP_LIMIT = 4_000;

type Name = 'socialGraph' | 'activity' | 'projector' | 'reader' | 'all' | 'gateway';
const FEEDS = ['projector', 'reader', 'all'] as const;
const BACKENDS = ['socialGraph', 'activity', ...FEEDS] as const;
const ALL = [...BACKENDS, 'gateway'] as const;

/** Sessions in this database that wait for a lock. */
const WAITING = `
SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;

async function eachInTurn<Item, Result>(
  items: readonly Item[],
  action: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (const item of items) results.push(await action(item));
  return results;
}

describeWithOwnServers('a service that receives SIGTERM', () => {
  let broker: LocalBroker;
  let system: System;
  let author: ApiClient;
  /** Functions that undo the faults of a test. */
  const mending: (() => unknown)[] = [];
  beforeAll(async () => {
    broker = await LocalBroker.open();
    system = await System.start({ brokers: [broker.address], feeds: ['projector', 'reader', 'all'] });
    author = await system.as('author');
  }, 180_000);
  afterEach(async () => {
    for (const mend of mending.splice(0)) await mend();
    const ended = system.processes.filter(({ running }) => !running);
    await Promise.all(ended.map((service) => service.start('degraded')));
    const { body } = await author.post('post', 'after');
    await eventually('the system has recovered', async () => (await author.myFeed())[0]?.object_id === body.object_id, {
      within: 60_000,
    });
  }, 120_000);
  afterAll(async () => {
    await system?.stop();
    await broker?.close();
  });

  const freezeBroker = () => {
    broker.freeze();
    mending.push(() => broker.thaw());
  };
  const hang = (database: 'postgres' | 'timescaledb') => {
    system.proxies[database].hang();
    mending.push(() => system.proxies[database].restore());
  };
  /** Makes everything that writes activities wait. */
  const lockActivities = async () => {
    const client = new Client({ connectionString: system.databases.feed });
    await client.connect();
    await client.query('BEGIN; LOCK TABLE activities');
    mending.push(() => client.end());
  };
  const post = () => author.post('post', 'text');
  const follow = () => author.follow('nico');
  const readGroups = () => author.page('/feed/friends?group=day');
  const readObject = () => author.page('/objects/post:1');
  const scrape = () => Promise.all(system.feeds.map(({ httpPort }) => fetch(`http://127.0.0.1:${httpPort}/metrics`)));

  /** Sends `requests` and waits until the services have received them. */
  const ask = async (...requests: (() => Promise<unknown>)[]) => {
    for (const send of requests) send().catch(() => undefined);
    // A service answers this only after it has received the earlier requests.
    for (const { httpPort } of [...system.gateways, ...system.processes]) {
      await fetch(`http://127.0.0.1:${httpPort}/health/live`);
    }
  };

  /** The services that a fault concerns, and the milliseconds in which they must exit. */
  const faults: [string, readonly Name[], number, () => unknown][] = [
    ['without faults', ALL, AT_ONCE, () => undefined],
    ['the broker is frozen', BACKENDS, AT_ONCE, freezeBroker],
    [
      'the broker is frozen and an event is to be sent',
      ['activity'],
      AT_ONCE,
      async () => {
        freezeBroker();
        await post();
      },
    ],
    [
      'the broker is killed',
      BACKENDS,
      AT_ONCE,
      async () => {
        mending.push(() => broker.start());
        await broker.kill();
        await post();
      },
    ],
    ['the feed’s database is frozen', FEEDS, STOP_LIMIT, () => hang('timescaledb')],
    [
      'the feed’s database is frozen and events arrive',
      FEEDS,
      STOP_LIMIT,
      async () => {
        hang('timescaledb');
        await post();
      },
    ],
    [
      'the feed’s database is frozen and asked by readers and for metrics',
      [...FEEDS, 'gateway'],
      STOP_LIMIT,
      async () => {
        hang('timescaledb');
        await ask(readGroups, readObject, scrape);
      },
    ],
    [
      'the projector waits for a lock',
      ['projector', 'all'],
      STOP_LIMIT,
      async () => {
        await lockActivities();
        await post();
        await eventually('a session waits for the lock', async () => {
          const watching = new Client({ connectionString: system.databases.feed });
          await watching.connect();
          const { rowCount } = await watching.query(WAITING).finally(() => watching.end());
          return rowCount !== 0;
        });
      },
    ],
    [
      'the write services’ database is frozen and commands are pending',
      ['socialGraph', 'activity', 'gateway'],
      STOP_LIMIT,
      async () => {
        hang('postgres');
        await ask(post, follow);
      },
    ],
    [
      'clients never complete their requests',
      ALL,
      STOP_LIMIT,
      async () => {
        for (const { httpPort } of system.processes) {
          const client = connect({ host: '127.0.0.1', port: Number(httpPort) });
          mending.push(() => client.destroy());
          client.on('error', () => undefined);
          await new Promise((sent) => client.write('GET /health/live HTTP/1.1\r\n', sent));
        }
        await ask();
      },
    ],
    [
      'all servers are frozen and requests of every kind are pending',
      ALL,
      STOP_LIMIT,
      async () => {
        freezeBroker();
        await post();
        hang('timescaledb');
        hang('postgres');
        await ask(post, follow, readGroups, scrape);
      },
    ],
  ];

  it.each(faults)(
    'exits with code 0 in time: %s',
    async (_, names, limit, fault) => {
      const { services, feeds, gateways } = system;
      const [projector, reader, all] = feeds;
      const named: Record<Name, ServiceProcess | undefined> = {
        socialGraph: services['social-graph'],
        activity: services.activity,
        projector,
        reader,
        all,
        gateway: gateways[0],
      };
      await fault();
      const stop = async (name: Name) => {
        const service = named[name];
        const startedAt = performance.now();
        const code = await service?.end('SIGTERM');
        const took = performance.now() - startedAt;
        return code === 0 && took <= limit ? [] : { name, code, took, log: service?.output.slice(-2_000) };
      };
      // Processes that need not wait stop one after another, so that they do not compete for the processor.
      const ends = limit === AT_ONCE ? await eachInTurn(names, stop) : await Promise.all(names.map(stop));
      expect(ends.flat()).toEqual([]);
    },
    180_000,
  );
});

import { connect } from 'node:net';
import { Client } from 'pg';
import type { ApiClient } from '../harness/api-client';
import { eventually } from '../harness/eventually';
import { LocalBroker } from '../harness/local-broker';
import { describeWithOwnServers } from '../harness/servers';
import type { ServiceProcess } from '../harness/service-process';
import { System } from '../harness/system';

/** Milliseconds in which a process must be gone after SIGTERM. It exits with code 1 if it takes longer than it may. */
const SOON = 20_000;

type Name = 'socialGraph' | 'activity' | 'projector' | 'reader' | 'all' | 'gateway';
const FEEDS = ['projector', 'reader', 'all'] as const;
/** One for each kind of work and connections that a stop must end. */
const BACKENDS = ['activity', 'projector', 'reader'] as const;
const ALL = ['socialGraph', 'activity', ...FEEDS, 'gateway'] as const;

/** Logged when the projector did not finish its batch in time. Releasing servers may take longer than its limit. */
const GAVE_UP = /"unfinished":\[[^\]]*"projector"/;

/** Sessions in this database that wait for a lock. */
const WAITING = `
SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;

describeWithOwnServers('a service that receives SIGTERM', () => {
  let broker: LocalBroker;
  let system: System;
  let author: ApiClient;
  /** Functions that undo the faults of a test. */
  const mending: (() => unknown)[] = [];
  beforeAll(async () => {
    broker = await LocalBroker.open();
    system = await System.start({
      brokers: [broker.address],
      feeds: ['projector', 'reader', 'all'],
      proxied: ['postgres', 'timescaledb'],
    });
    author = await system.as('author');
  }, 180_000);
  afterEach(async () => {
    for (const mend of mending.splice(0)) await mend();
    const ended = system.processes.filter(({ running }) => !running);
    await Promise.all(ended.map((service) => service.start('degraded')));
    const { body } = await author.post('post', 'after');
    // A post of the test that was refused is sent again, and may be newer.
    const isShown = async () => (await author.myFeed()).some(({ object_id }) => object_id === body.object_id);
    await eventually('the system has recovered', isShown, { within: 60_000 });
  }, 240_000);
  afterAll(async () => {
    await system?.stop();
    await broker?.close();
  });

  const freezeBroker = () => {
    broker.freeze();
    mending.push(() => broker.thaw());
  };
  const hang = (database: 'postgres' | 'timescaledb') => {
    system.proxyTo(database).hang();
    mending.push(() => system.proxyTo(database).restore());
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

  /** The services that a fault concerns, and whether they must finish their work; if not, only exit in time. */
  const faults: [string, readonly Name[], boolean, () => unknown][] = [
    ['without faults', ALL, true, () => undefined],
    ['the broker is frozen', BACKENDS, true, freezeBroker],
    [
      'the broker is frozen and an event is to be sent',
      ['activity'],
      true,
      async () => {
        freezeBroker();
        await post();
      },
    ],
    [
      'the broker is killed',
      BACKENDS,
      true,
      async () => {
        mending.push(() => broker.start());
        await broker.kill();
        await post();
      },
    ],
    ['the feed’s database is frozen', ['projector', 'reader'], false, () => hang('timescaledb')],
    [
      'the feed’s database is frozen and events arrive',
      ['projector', 'reader'],
      false,
      async () => {
        hang('timescaledb');
        await post();
      },
    ],
    [
      'the feed’s database is frozen and asked by readers and for metrics',
      [...FEEDS, 'gateway'],
      false,
      async () => {
        hang('timescaledb');
        await ask(readGroups, readObject, scrape);
      },
    ],
    [
      'the projector waits for a lock',
      ['projector'],
      false,
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
      false,
      async () => {
        hang('postgres');
        await ask(post, follow);
      },
    ],
    [
      'clients never complete their requests',
      ['activity', 'gateway'],
      false,
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
      false,
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
    async (_, names, finishes, fault) => {
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
      const ends = names.map(async (name) => {
        const service = named[name] as ServiceProcess;
        const startedAt = performance.now();
        const logged = service.output.length;
        const code = await service.end('SIGTERM');
        const took = performance.now() - startedAt;
        const log = service.output.slice(logged);
        const gaveUp = finishes && GAVE_UP.test(log);
        return code === 0 && took <= SOON && !gaveUp ? [] : { name, code, took, log };
      });
      expect((await Promise.all(ends)).flat()).toEqual([]);
    },
    180_000,
  );
});

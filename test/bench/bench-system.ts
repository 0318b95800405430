import { Client } from 'pg';
import type { ServerAddresses, ServiceName } from '../../infra/settings.ts';
import { freePorts } from '../harness/free-ports.ts';
import { openStores, type Stores } from '../world/stores.ts';
import { ServiceProcess } from './service-process.ts';

export const ADMIN_KEY = 'admin-key-of-the-benchmarks';
export const SERVICE_SECRET = 'service-secret-of-the-benchmarks';

let count = 0;

/** The four services as processes with their own databases, topics and Redis keys. */
export class BenchSystem {
  readonly url: string;
  /** The prefix of its topics. */
  readonly prefix: string;
  readonly servers: ServerAddresses;
  readonly stores: Stores;
  readonly databases: Record<Exclude<ServiceName, 'gateway'>, string>;
  readonly services: Record<ServiceName, ServiceProcess>;

  private constructor(
    servers: ServerAddresses,
    prefix: string,
    url: string,
    databases: BenchSystem['databases'],
    services: BenchSystem['services'],
    stores: Stores,
  ) {
    this.servers = servers;
    this.prefix = prefix;
    this.url = url;
    this.databases = databases;
    this.services = services;
    this.stores = stores;
  }

  static async start(servers: ServerAddresses): Promise<BenchSystem> {
    const id = `bench_${process.pid}_${Date.now().toString(36)}_${count++}`;
    const databases = {
      'social-graph': `${servers.postgres}/social_graph_${id}`,
      activity: `${servers.postgres}/activity_${id}`,
      feed: `${servers.timescaledb}/feed_${id}`,
    };
    const { services, url } = await processes(servers, id, databases);
    const running = Object.values(services);
    const started = await Promise.allSettled(running.map((service) => service.start()));
    const failure = started.find((start) => start.status === 'rejected');
    if (failure) {
      await Promise.all(running.map((service) => service.end()));
      await drop(Object.values(databases));
      throw failure.reason;
    }
    return new BenchSystem(servers, `${id}.`, url, databases, services, await openStores(databases));
  }

  get pids(): number[] {
    return Object.values(this.services).map(({ pid }) => pid);
  }

  async end(): Promise<void> {
    await this.services.gateway.end();
    await Promise.all(Object.values(this.services).map((service) => service.end()));
    await this.stores.close();
    await drop(Object.values(this.databases));
  }
}

async function processes(servers: ServerAddresses, id: string, databases: BenchSystem['databases']) {
  const [gatewayPort, ...ports] = await freePorts(7);
  const names = ['social-graph', 'activity', 'feed'] as const;
  const redis = { REDIS_URL: servers.redis, REDIS_PREFIX: `${id}.` };
  const rpc = (index: number) => `127.0.0.1:${ports[index]}`;
  const backend = (name: (typeof names)[number], index: number) =>
    new ServiceProcess(name, {
      HTTP_PORT: String(ports[index + 3]),
      RPC_PORT: String(ports[index]),
      DATABASE_URL: databases[name],
      KAFKA_BROKERS: servers.kafka,
      KAFKA_PREFIX: `${id}.`,
      SERVICE_SECRET,
      ...redis,
    });
  const gateway = new ServiceProcess('gateway', {
    HTTP_PORT: String(gatewayPort),
    SOCIAL_GRAPH_ADDRESS: rpc(0),
    ACTIVITY_ADDRESS: rpc(1),
    FEED_ADDRESS: rpc(2),
    ADMIN_KEY,
    SERVICE_SECRET,
    RATE_LIMITS: 'off',
    ...redis,
  });
  const services = {
    'social-graph': backend('social-graph', 0),
    activity: backend('activity', 1),
    feed: backend('feed', 2),
    gateway,
  };
  return { services, url: `http://127.0.0.1:${gatewayPort}` };
}

async function open(connectionString: string): Promise<Client> {
  const client = new Client({ connectionString });
  await client.connect();
  return client;
}

async function drop(urls: string[]): Promise<void> {
  for (const url of urls) {
    const name = new URL(url).pathname.slice(1);
    const client = await open(url.replace(`/${name}`, '/postgres'));
    await client.query(`DROP DATABASE IF EXISTS ${client.escapeIdentifier(name)} WITH (FORCE)`);
    await client.end();
  }
}

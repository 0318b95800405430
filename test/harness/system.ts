import { TOPICS } from '@activity-feed/contracts';
import { ApiClient, request } from './api-client';
import { loadValidator } from './asyncapi-validator';
import { dropDatabases } from './databases';
import { freePorts } from './free-ports';
import { testServers, uniqueName } from './servers';
import { type ServiceName, ServiceProcess } from './service-process';
import { TcpProxy } from './tcp-proxy';
import { readTopic } from './topic-reader';

export const ADMIN_KEY = 'admin-key-of-the-tests';
const DEMO_KEYS: Record<string, string> = { ivan: 'abc123', nico: 'abc124', eric: 'abc125' };

export interface SystemOptions {
  gateways?: number;
  /** More environment for a service. */
  environment?: Partial<Record<ServiceName, Record<string, string>>>;
}

/** A whole system of processes on databases, topics and keys of its own. Redis and each database can be taken away. */
export class System {
  private readonly keys = new Map<string, string>(Object.entries(DEMO_KEYS));

  private constructor(
    readonly id: string,
    readonly services: Record<Exclude<ServiceName, 'gateway'>, ServiceProcess>,
    readonly gateways: ServiceProcess[],
    readonly proxies: Record<'redis' | 'postgres' | 'timescaledb', TcpProxy>,
    readonly databases: Record<Exclude<ServiceName, 'gateway'>, string>,
  ) {}

  static async start({ gateways = 1, environment = {} }: SystemOptions = {}): Promise<System> {
    const id = uniqueName();
    const servers = testServers();
    const proxies = await openProxies();
    const ports = await freePorts(6 + gateways);
    const rpc = { 'social-graph': ports[0], activity: ports[1], feed: ports[2] };
    const http = { 'social-graph': ports[3], activity: ports[4], feed: ports[5] };
    const databases = {
      'social-graph': `${servers.postgres}/social_graph_${id}`,
      activity: `${servers.postgres}/activity_${id}`,
      feed: `${servers.timescaledb}/feed_${id}`,
    };
    const redis = { REDIS_URL: `redis://127.0.0.1:${proxies.redis.port}`, REDIS_PREFIX: `${id}.` };
    const backend = (name: keyof typeof rpc, server: 'postgres' | 'timescaledb') =>
      new ServiceProcess(name, {
        HTTP_PORT: String(http[name]),
        RPC_PORT: String(rpc[name]),
        DATABASE_URL: through(proxies[server], databases[name]),
        KAFKA_BROKERS: servers.brokers.join(','),
        KAFKA_PREFIX: `${id}.`,
        ...(name !== 'feed' && redis),
        ...(name === 'social-graph' && { DEMO_USERS: 'true' }),
        ...environment[name],
      });
    const services = {
      'social-graph': backend('social-graph', 'postgres'),
      activity: backend('activity', 'postgres'),
      feed: backend('feed', 'timescaledb'),
    };
    const doors = ports.slice(6).map(
      (port) =>
        new ServiceProcess('gateway', {
          HTTP_PORT: String(port),
          SOCIAL_GRAPH_ADDRESS: `127.0.0.1:${rpc['social-graph']}`,
          ACTIVITY_ADDRESS: `127.0.0.1:${rpc.activity}`,
          FEED_ADDRESS: `127.0.0.1:${rpc.feed}`,
          ADMIN_KEY,
          ...redis,
          ...environment.gateway,
        }),
    );
    const system = new System(id, services, doors, proxies, databases);
    try {
      await Promise.all(system.processes.map((service) => service.start()));
    } catch (error) {
      await system.end();
      throw error;
    }
    return system;
  }

  get processes(): ServiceProcess[] {
    return [...Object.values(this.services), ...this.gateways];
  }

  address(gateway = 0): string {
    return `http://127.0.0.1:${this.gateways[gateway]?.httpPort}`;
  }

  /** A client of the user `name`, who is registered when nobody has the name yet. */
  async as(name: string): Promise<ApiClient> {
    const key = this.keys.get(name) ?? (await this.register(name));
    return new ApiClient(this.address(), key);
  }

  async register(name: string): Promise<string> {
    const headers = { 'content-type': 'application/json', 'x-admin-key': ADMIN_KEY };
    const answer = await request(this.address(), '/users', { method: 'POST', headers, body: JSON.stringify({ name }) });
    if (answer.status !== 201) throw new Error(`registering ${name} answered ${JSON.stringify(answer.body)}`);
    this.keys.set(name, answer.body.auth_token);
    return answer.body.auth_token;
  }

  /** Ends everything; fails when an event was told that is not as the document of the topics says. */
  async stop(): Promise<void> {
    const violations = await this.violations().finally(() => this.end());
    if (violations.length > 0) throw new Error(`events against docs/asyncapi.yaml: ${violations.join('; ')}`);
  }

  private async end(): Promise<void> {
    await Promise.all(this.gateways.map((gateway) => gateway.end('SIGTERM')));
    await Promise.all(Object.values(this.services).map((service) => service.end('SIGTERM')));
    await Promise.all(Object.values(this.proxies).map((proxy) => proxy.close()));
    await dropDatabases(Object.values(this.databases));
  }

  private async violations(): Promise<string[]> {
    const violationsOf = loadValidator();
    const topics = await Promise.all(
      Object.values(TOPICS).map(async (topic) => ({ topic, messages: await readTopic(`${this.id}.${topic}`) })),
    );
    return topics.flatMap(({ topic, messages }) =>
      messages.flatMap(({ headers, value }) => violationsOf(topic, headers, JSON.parse(value))),
    );
  }
}

async function openProxies() {
  const { postgres, timescaledb, redis } = testServers();
  const to = (url: string) => TcpProxy.to(new URL(url).hostname, Number(new URL(url).port));
  return {
    redis: await to(redis),
    postgres: await to(postgres),
    timescaledb: await to(timescaledb),
  };
}

/** The same database by way of `proxy`. */
function through(proxy: TcpProxy, databaseUrl: string): string {
  const url = new URL(databaseUrl);
  url.host = `127.0.0.1:${proxy.port}`;
  return url.href;
}

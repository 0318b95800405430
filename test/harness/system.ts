import type { Migration } from '@activity-feed/backend';
import { TOPICS } from '@activity-feed/contracts';
import { migrations as activity } from '../../services/activity/src/database/migrations';
import { migrations as feed } from '../../services/feed/src/database/migrations';
import { migrations as socialGraph } from '../../services/social-graph/src/database/migrations';
import { ApiClient, request, untilCarriedOut } from './api-client';
import { loadValidator } from './asyncapi-validator';
import { dropDatabases } from './databases';
import { freePorts } from './free-ports';
import { holdRelay } from './hold-relay';
import { createMigratedDatabase } from './migrated-databases';
import { testServers, uniqueName } from './servers';
import { type ServiceName, ServiceProcess } from './service-process';
import { TcpProxy } from './tcp-proxy';
import { deleteTopics, readTopic } from './topic-reader';

export const ADMIN_KEY = 'admin-key-of-the-tests';
export const SERVICE_SECRET = 'service-secret-of-the-tests';
const DEMO_KEYS: Record<string, string> = { ivan: 'abc123', nico: 'abc124', eric: 'abc125' };

type Backend = Exclude<ServiceName, 'gateway'>;
const MIGRATIONS: Record<Backend, readonly Migration[]> = { 'social-graph': socialGraph, activity, feed };
export type FeedRole = 'all' | 'projector' | 'reader';
export type ProxiedServer = 'redis' | 'postgres' | 'timescaledb';

export interface SystemOptions {
  gateways?: number;
  /** One feed process per role, all on the same database. Gateways use all readers. */
  feeds?: FeedRole[];
  /** The brokers to use instead of the shared test broker. */
  brokers?: string[];
  /** The URL of the Redis to use instead of the shared one. */
  redis?: string;
  /** Servers that services reach through a proxy, for tests that cut them off. A proxy uses as much CPU as a service. */
  proxied?: readonly ProxiedServer[];
  /** Additional environment per service. */
  environment?: Partial<Record<ServiceName, Record<string, string>>>;
}

/** All services as processes with their own databases, topics and keys. */
export class System {
  private readonly keys = new Map<string, string>(Object.entries(DEMO_KEYS));

  private constructor(
    readonly id: string,
    /** `feed` is the first of several feeds. */
    readonly services: Record<Backend, ServiceProcess>,
    /** In the order of `SystemOptions.feeds`. */
    readonly feeds: ServiceProcess[],
    readonly gateways: ServiceProcess[],
    private readonly proxies: ReadonlyMap<ProxiedServer, TcpProxy>,
    readonly databases: Record<Backend, string>,
    private readonly brokers: string[],
  ) {}

  static async start(options: SystemOptions = {}): Promise<System> {
    const { gateways = 1, feeds: roles = ['all'], proxied = [], environment = {} } = options;
    const id = uniqueName();
    const servers = testServers();
    const { brokers = servers.brokers, redis: redisUrl = servers.redis } = options;
    const proxies = await openProxies(proxied, { ...servers, redis: redisUrl });
    const reached = (server: ProxiedServer, url: string) => {
      const proxy = proxies.get(server);
      return proxy ? through(proxy, url) : url;
    };
    const ports = (await freePorts(4 + 2 * roles.length + 2 * gateways)).map(String);
    const databases = {
      'social-graph': `${servers.postgres}/social_graph_${id}`,
      activity: `${servers.postgres}/activity_${id}`,
      feed: `${servers.timescaledb}/feed_${id}`,
    };
    await Promise.all(
      Object.entries(databases).map(([name, url]) => createMigratedDatabase(url, MIGRATIONS[name as Backend])),
    );
    const redis = { REDIS_URL: reached('redis', redisUrl), REDIS_PREFIX: `${id}.` };
    const nextPort = () => ports.pop() as string;
    const backend = (name: Backend, server: 'postgres' | 'timescaledb', more: Record<string, string>) =>
      new ServiceProcess(name, {
        HTTP_PORT: nextPort(),
        RPC_PORT: nextPort(),
        DATABASE_URL: reached(server, databases[name]),
        KAFKA_BROKERS: brokers.join(','),
        KAFKA_PREFIX: `${id}.`,
        SERVICE_SECRET,
        ...more,
        ...environment[name],
      });
    const feeds = roles.map((role) => backend('feed', 'timescaledb', { ...redis, FEED_ROLE: role }));
    const services = {
      'social-graph': backend('social-graph', 'postgres', { ...redis, DEMO_USERS: 'true' }),
      activity: backend('activity', 'postgres', redis),
      feed: feeds[0] as ServiceProcess,
    };
    const readers = feeds.filter((_, index) => roles[index] !== 'projector');
    const doors = Array.from(
      { length: gateways },
      () =>
        new ServiceProcess('gateway', {
          HTTP_PORT: nextPort(),
          METRICS_PORT: nextPort(),
          SOCIAL_GRAPH_ADDRESS: services['social-graph'].rpcAddress,
          ACTIVITY_ADDRESS: services.activity.rpcAddress,
          FEED_ADDRESS: readers.map(({ rpcAddress }) => rpcAddress).join(','),
          ADMIN_KEY,
          SERVICE_SECRET,
          // Tests send more than people do.
          RATE_LIMITS: 'off',
          ...redis,
          ...environment.gateway,
        }),
    );
    const system = new System(id, services, feeds, doors, proxies, databases, brokers);
    try {
      await Promise.all(system.processes.map((service) => service.start()));
    } catch (error) {
      await system.end();
      throw error;
    }
    return system;
  }

  get processes(): ServiceProcess[] {
    return [...this.backends, ...this.gateways];
  }

  /** The end of what each service logged, for the message of a failed test. */
  get logs(): string {
    return this.processes.map(({ name, output }) => `${name}: …${output.slice(-2_000)}`).join('\n');
  }

  /** The proxy to one of the servers that `SystemOptions.proxied` lists. */
  proxyTo(server: ProxiedServer): TcpProxy {
    const proxy = this.proxies.get(server);
    if (!proxy) throw new Error(`${server} is not among the proxied servers of this system`);
    return proxy;
  }

  address(gateway = 0): string {
    return addressOf(this.gateways[gateway] as ServiceProcess);
  }

  /** Starts another gateway, whose `environment` overrides that of the first. Returns its address. */
  async openGateway(environment: Record<string, string>): Promise<string> {
    const [http, metrics] = (await freePorts(2)).map(String) as [string, string];
    const ports = { HTTP_PORT: http, METRICS_PORT: metrics };
    const gateway = (this.gateways[0] as ServiceProcess).with({ ...ports, ...environment });
    this.gateways.push(gateway);
    await gateway.start();
    return addressOf(gateway);
  }

  /** A client for the user `name`. Registers the user on the first call. */
  async as(name: string): Promise<ApiClient> {
    const key = this.keys.get(name) ?? (await this.register(name));
    return new ApiClient(this.address(), key);
  }

  /** Stops activity's relay from sending later writes. Returns a function that releases it. */
  async holdRelay(): Promise<() => Promise<void>> {
    const witness = await this.as('witness');
    return holdRelay(this.databases.activity, () => witness.post('post', 'the last post that is sent'));
  }

  async register(name: string): Promise<string> {
    const headers = { 'content-type': 'application/json', 'x-admin-key': ADMIN_KEY };
    const init = { method: 'POST', headers, body: JSON.stringify({ name }) };
    const answer = await untilCarriedOut(() => request(this.address(), '/users', init));
    if (answer.status !== 201) throw new Error(`registering ${name} answered ${JSON.stringify(answer.body)}`);
    this.keys.set(name, answer.body.auth_token);
    return answer.body.auth_token;
  }

  /** Stops everything. Throws if a published event violates docs/asyncapi.yaml. */
  async stop(): Promise<void> {
    const violations = await this.violations().finally(() => this.end());
    if (violations.length > 0) throw new Error(`events violate docs/asyncapi.yaml: ${violations.join('; ')}`);
  }

  private get backends(): ServiceProcess[] {
    return [this.services['social-graph'], this.services.activity, ...this.feeds];
  }

  private async end(): Promise<void> {
    await Promise.all(this.gateways.map((gateway) => gateway.end('SIGTERM')));
    await Promise.all(this.backends.map((service) => service.end('SIGTERM')));
    await Promise.all([...this.proxies.values()].map((proxy) => proxy.close()));
    await dropDatabases(Object.values(this.databases));
    // A broker of the test's own may be down, and ends with the test.
    if (this.brokers.join() === testServers().brokers.join()) await deleteTopics(`${this.id}.`);
  }

  private async violations(): Promise<string[]> {
    const violationsOf = loadValidator();
    const topics = await Promise.all(
      Object.values(TOPICS).map(async (topic) => ({
        topic,
        messages: await readTopic(`${this.id}.${topic}`, this.brokers),
      })),
    );
    return topics.flatMap(({ topic, messages }) =>
      messages.flatMap(({ headers, value }) => violationsOf(topic, headers, JSON.parse(value))),
    );
  }
}

const addressOf = ({ httpPort }: ServiceProcess) => `http://127.0.0.1:${httpPort}`;

async function openProxies(
  proxied: readonly ProxiedServer[],
  urls: Record<ProxiedServer, string>,
): Promise<Map<ProxiedServer, TcpProxy>> {
  const open = async (server: ProxiedServer) => {
    const { hostname, port } = new URL(urls[server]);
    return [server, await TcpProxy.to(hostname, Number(port))] as const;
  };
  return new Map(await Promise.all(proxied.map(open)));
}

/** The same URL through `proxy`. */
export function through(proxy: TcpProxy, address: string): string {
  const url = new URL(address);
  url.host = `127.0.0.1:${proxy.port}`;
  return url.href;
}

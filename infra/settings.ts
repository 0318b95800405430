import { join, resolve } from 'node:path';
import { OperatorError } from './console.ts';
import { brokerList, type Environment, oneOf, port, secret, serverUrl, text } from './environment.ts';
import type { NamedPort } from './process/ports.ts';

export const serverNames = ['postgres', 'timescaledb', 'kafka', 'redis'] as const;
export type ServerName = (typeof serverNames)[number];

export const serviceNames = ['social-graph', 'activity', 'feed', 'gateway'] as const;
export type ServiceName = (typeof serviceNames)[number];

/** Where each server answers: URLs without a database name, and Kafka's comma-separated brokers. */
export type ServerAddresses = Readonly<Record<ServerName, string>>;

export interface InfraSettings {
  readonly root: string;
  /** The name of the Compose project. It differs from a deployment's by `docker compose up`. */
  readonly name: string;
  readonly dataFolder: string;
  /** Whether the servers start empty and their data is deleted at the end. */
  readonly disposable: boolean;
  readonly choice: 'docker' | 'local' | undefined;
  readonly ports: Readonly<Record<ServerName | 'kafkaController', NamedPort>>;
  /** Addresses of servers that are not started here. */
  readonly outside: Partial<ServerAddresses>;
}

interface ServicePorts {
  readonly http: NamedPort;
  readonly rpc?: NamedPort;
  /** Unset if metrics are on the HTTP port. */
  readonly metrics?: NamedPort;
}

export interface ServiceSettings {
  readonly ports: Readonly<Record<ServiceName, ServicePorts>>;
  readonly adminKey: string | undefined;
  readonly serviceSecret: string | undefined;
}

/** Tests' ports are below those that Linux gives to outgoing connections, one of which could have it by chance. */
const defaultPorts = {
  start: { postgres: 55432, timescaledb: 55433, kafka: 59092, kafkaController: 59093, redis: 56379 },
  test: { postgres: 26432, timescaledb: 26433, kafka: 26092, kafkaController: 26093, redis: 26379 },
};

/** The servers' settings. A test run has other defaults, and its variables have the prefix TEST_. */
export function infraSettings(root: string, env: Environment, use: 'start' | 'test'): InfraSettings {
  const prefix = use === 'test' ? 'TEST_' : '';
  const defaults = defaultPorts[use];
  const own = (variable: string, fallback: number) => port(env, `${prefix}${variable}`, fallback);
  const data = resolve(root, text(env, 'DATA_DIR') ?? '.data');
  const outside = {
    postgres: serverUrl(env, `${prefix}POSTGRES_URL`, ['postgres:', 'postgresql:']),
    timescaledb: serverUrl(env, `${prefix}TIMESCALEDB_URL`, ['postgres:', 'postgresql:']),
    kafka: brokerList(env, `${prefix}KAFKA_BROKERS`),
    redis: serverUrl(env, `${prefix}REDIS_URL`, ['redis:', 'rediss:']),
  };
  return {
    root,
    name: use === 'test' ? 'activity-feed-test' : 'activity-feed-local',
    dataFolder: use === 'test' ? join(data, 'test') : data,
    disposable: use === 'test',
    choice: oneOf(env, 'INFRA', ['docker', 'local']),
    ports: {
      postgres: own('POSTGRES_PORT', defaults.postgres),
      timescaledb: own('TIMESCALEDB_PORT', defaults.timescaledb),
      kafka: own('KAFKA_PORT', defaults.kafka),
      kafkaController: own('KAFKA_CONTROLLER_PORT', defaults.kafkaController),
      redis: own('REDIS_PORT', defaults.redis),
    },
    outside: Object.fromEntries(Object.entries(outside).filter(([, url]) => url !== undefined)),
  };
}

export function serviceSettings(env: Environment): ServiceSettings {
  return {
    ports: {
      'social-graph': {
        http: port(env, 'SOCIAL_GRAPH_HTTP_PORT', 5101),
        rpc: port(env, 'SOCIAL_GRAPH_PORT', 5001),
      },
      activity: { http: port(env, 'ACTIVITY_HTTP_PORT', 5102), rpc: port(env, 'ACTIVITY_PORT', 5002) },
      feed: { http: port(env, 'FEED_HTTP_PORT', 5103), rpc: port(env, 'FEED_PORT', 5003) },
      gateway: { http: port(env, 'GATEWAY_PORT', 5000), metrics: port(env, 'GATEWAY_METRICS_PORT', 5010) },
    },
    adminKey: secret(env, 'ADMIN_KEY'),
    serviceSecret: secret(env, 'SERVICE_SECRET'),
  };
}

export function serversToRun(settings: InfraSettings): ServerName[] {
  return serverNames.filter((name) => settings.outside[name] === undefined);
}

export function servicePorts(settings: ServiceSettings): NamedPort[] {
  return serviceNames.flatMap((name) => {
    const { http, rpc, metrics } = settings.ports[name];
    return [http, rpc, metrics].filter((port) => port !== undefined);
  });
}

/** Throws if two settings have the same port. Otherwise a server would just never become ready. */
export function assertPortsDiffer(ports: readonly NamedPort[]): void {
  const taken = new Map<number, string>();
  for (const { variable, port } of ports) {
    const other = taken.get(port);
    if (other) throw new OperatorError(`${other} and ${variable} are both ${port}; each must be a different port.`);
    taken.set(port, variable);
  }
}

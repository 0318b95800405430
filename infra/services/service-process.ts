import { join } from 'node:path';
import { say } from '../console.ts';
import type { ProcessSpec } from '../process/supervised-process.ts';
import type { InfraSettings, ServerAddresses, ServiceName, ServiceSettings } from '../settings.ts';
import { ErrorLines } from './error-lines.ts';
import { builtEntry, bundledEntry, nestProjects } from './nest-projects.ts';
import { nodeFlags } from './node-flags.ts';
import { readinessOf } from './readiness.ts';

export interface System {
  readonly infra: InfraSettings;
  readonly services: ServiceSettings;
  readonly servers: ServerAddresses;
  readonly adminKey: string;
  readonly serviceSecret: string;
  /** Whether a service restarts when a file that it loaded changes, and therefore is not bundled. */
  readonly watch?: boolean;
}

const databases: Partial<Record<ServiceName, readonly ['postgres' | 'timescaledb', string]>> = {
  'social-graph': ['postgres', 'social_graph'],
  activity: ['postgres', 'activity'],
  feed: ['timescaledb', 'feed'],
};

export function databaseUrl(server: string, database: string): string {
  const url = new URL(server);
  url.pathname = `/${database}`;
  return url.href;
}

/** A service's settings as environment variables. */
export function serviceEnvironment(name: ServiceName, system: System): Record<string, string> {
  const { servers, services, adminKey, serviceSecret } = system;
  const { http, rpc, metrics } = services.ports[name];
  const [server, database] = databases[name] ?? [];
  const rpcAddress = (other: ServiceName) => `127.0.0.1:${services.ports[other].rpc?.port}`;
  return {
    HOST: '127.0.0.1',
    HTTP_PORT: String(http.port),
    ...(rpc && { RPC_PORT: String(rpc.port) }),
    ...(metrics && { METRICS_PORT: String(metrics.port) }),
    ...(server && database && { DATABASE_URL: databaseUrl(servers[server], database) }),
    KAFKA_BROKERS: servers.kafka,
    REDIS_URL: servers.redis,
    SERVICE_SECRET: serviceSecret,
    ...(name === 'social-graph' && { DEMO_USERS: 'true' }),
    ...(name === 'gateway' && {
      SOCIAL_GRAPH_ADDRESS: rpcAddress('social-graph'),
      ACTIVITY_ADDRESS: rpcAddress('activity'),
      FEED_ADDRESS: rpcAddress('feed'),
      ADMIN_KEY: adminKey,
    }),
  };
}

export function serviceProcess(name: ServiceName, system: System): ProcessSpec {
  const { root, dataFolder } = system.infra;
  const errors = new ErrorLines(name);
  const project = nestProjects(root)[name];
  if (!project) throw new Error(`nest-cli.json has no project ${name}`);
  const program = system.watch ? [...WATCH, join(root, builtEntry(project))] : [join(root, bundledEntry(project))];
  return {
    name,
    command: process.execPath,
    args: [...nodeFlags(name), ...program],
    env: { ...withoutOurs(process.env), ...serviceEnvironment(name, system) },
    cwd: root,
    logFile: join(dataFolder, 'logs', `${name}.log`),
    stopSignal: 'SIGTERM',
    graceMs: 4000,
    probe: () => isReady(system.services.ports[name].http.port),
    onLine: (line) => {
      errors.show(line);
      if (system.watch) showRestart(name, line);
    },
  };
}

/** Node runs the file in a child process and restarts it on changes. https://nodejs.org/api/cli.html#--watch */
const WATCH = ['--watch', '--watch-preserve-output'];

/** Prints when Node restarts the process that it watches, or when that process fails. */
function showRestart(name: ServiceName, line: string): void {
  if (line.startsWith('Restarting ')) say(`· ${name} changed; restarting`);
  if (line.startsWith('Failed running ')) say(`! ${name} failed; it restarts at the next change`);
}

/** Whether a service and all its dependencies are ready. */
async function isReady(port: number): Promise<boolean> {
  const readiness = await readinessOf(`http://127.0.0.1:${port}`);
  return readiness?.status === 200 && readiness.says === 'ready';
}

/** Only the gateway gets the admin key, no service gets the secret twice or the IPC channel of this process. */
function withoutOurs({
  ADMIN_KEY,
  ADMIN_KEY_FILE,
  SERVICE_SECRET_FILE,
  NODE_CHANNEL_FD,
  ...env
}: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return env;
}

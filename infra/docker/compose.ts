import { step } from '../console.ts';
import { type RunOptions, run, runOrFail } from '../process/run.ts';
import type { RunningServers } from '../servers/running-servers.ts';
import { type InfraSettings, type ServerName, serversToRun } from '../settings.ts';
import { createVolumes, removeVolumes, type Volumes } from './volumes.ts';

/** The password of both PostgreSQL servers. They accept connections from this machine only. */
const PASSWORD = 'postgres';

/** Some image is neither present nor available for download. */
export class PullFailed extends Error {}

/** The Compose command line for the servers only. Ignores a profile or password that is set for a deployment. */
function compose(
  settings: InfraSettings,
  names: Partial<Volumes['names']> = {},
): { args: string[]; options: RunOptions } {
  const { ports, root, name } = settings;
  const env = {
    ...process.env,
    COMPOSE_PROFILES: '',
    POSTGRES_PASSWORD: PASSWORD,
    POSTGRES_PORT: String(ports.postgres.port),
    TIMESCALEDB_PORT: String(ports.timescaledb.port),
    KAFKA_PORT: String(ports.kafka.port),
    REDIS_PORT: String(ports.redis.port),
    // Compose requires names even for commands that start nothing.
    POSTGRES_VOLUME: names.postgres ?? 'postgres',
    TIMESCALEDB_VOLUME: names.timescaledb ?? 'timescaledb',
    KAFKA_VOLUME: names.kafka ?? 'kafka',
  };
  const files = ['docker-compose.yml', 'infra/docker/local.yml'].flatMap((file) => ['--file', file]);
  return { args: ['compose', ...files, '--project-name', name], options: { cwd: root, env } };
}

/** The servers whose containers already run, such as after a killed start. Their ports are in use by them. */
export async function runningContainers(settings: InfraSettings): Promise<ServerName[]> {
  const { args, options } = compose(settings);
  const { stdout } = await run('docker', [...args, 'ps', '--services', '--status', 'running'], options);
  const services = stdout.split('\n');
  return serversToRun(settings).filter((name) => services.includes(name));
}

export async function runContainers(
  settings: InfraSettings,
  volumes: Volumes,
  signal: AbortSignal,
): Promise<RunningServers> {
  const { args, options } = compose(settings, volumes.names);
  const names = serversToRun(settings);
  const own = Object.values(volumes.names);
  await pullMissing({ args, options }, names, signal);
  if (settings.disposable) await removeContainers(settings, own);
  const first = settings.disposable || volumes.existing.length === 0;
  const stop = async () => {
    if (settings.disposable) await removeContainers(settings, own);
    else await run('docker', [...args, 'stop', '--timeout', '5', ...names], options);
  };
  try {
    await step(`Starting ${names.join(', ')} in Docker`, async () => {
      await createVolumes(names.map((name) => volumes.names[name]));
      await runOrFail('docker', [...args, 'up', '--detach', '--wait', ...names], { ...options, signal });
    });
  } catch (error) {
    // A database cluster that was only half created would break every later start.
    await (first && signal.aborted ? removeContainers(settings, own) : stop());
    throw error;
  }
  const url = (name: ServerName, scheme: string) => `${scheme}127.0.0.1:${settings.ports[name].port}`;
  return {
    addresses: {
      postgres: url('postgres', `postgres://postgres:${PASSWORD}@`),
      timescaledb: url('timescaledb', `postgres://postgres:${PASSWORD}@`),
      kafka: url('kafka', ''),
      redis: url('redis', 'redis://'),
      ...settings.outside,
    },
    ...(names.includes('timescaledb') && {
      communityDatabase: `${url('timescaledb', `postgres://postgres:${PASSWORD}@`)}/community_tests`,
    }),
    processes: [],
    stop,
  };
}

async function pullMissing(
  { args, options }: ReturnType<typeof compose>,
  names: readonly ServerName[],
  signal: AbortSignal,
): Promise<void> {
  const images = await runOrFail('docker', [...args, 'config', '--images', ...names], { ...options, signal });
  const present = await run('docker', ['image', 'inspect', ...images.split(/\s+/).filter(Boolean)], { signal });
  if (present.code === 0) return;
  await step('Pulling the Docker images', async () => {
    const { code, output } = await run('docker', [...args, 'pull', '--quiet', ...names], { ...options, signal });
    if (code !== 0) throw new PullFailed(output.trim().split('\n').at(-1));
  });
}

/** Removes the project's containers and networks, and the given volumes. */
export async function removeContainers(settings: InfraSettings, volumes: readonly string[]): Promise<void> {
  const { args, options } = compose(settings);
  await runOrFail('docker', [...args, 'down', '--volumes', '--timeout', '5'], options);
  await removeVolumes(settings.name, volumes);
}

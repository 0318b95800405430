import { step } from '../console.ts';
import { type RunOptions, run, runOrFail } from '../process/run.ts';
import type { RunningServers } from '../servers/running-servers.ts';
import { type InfraSettings, type ServerName, serversToRun } from '../settings.ts';

/** The images of the compose file that are neither here nor to be had. */
export class PullFailed extends Error {}

function compose(settings: InfraSettings): { args: string[]; options: RunOptions } {
  const { ports, root, name } = settings;
  const env = {
    ...process.env,
    POSTGRES_PORT: String(ports.postgres.port),
    TIMESCALEDB_PORT: String(ports.timescaledb.port),
    KAFKA_PORT: String(ports.kafka.port),
    REDIS_PORT: String(ports.redis.port),
  };
  return { args: ['compose', '--project-name', name], options: { cwd: root, env } };
}

/** The servers whose containers run already, as after a killed start; their ports are rightly taken. */
export async function runningContainers(settings: InfraSettings): Promise<ServerName[]> {
  const { args, options } = compose(settings);
  const { stdout } = await run('docker', [...args, 'ps', '--services', '--status', 'running'], options);
  const services = stdout.split('\n');
  return serversToRun(settings).filter((name) => services.includes(name));
}

export async function runContainers(settings: InfraSettings, signal: AbortSignal): Promise<RunningServers> {
  const { args, options } = compose(settings);
  const names = serversToRun(settings);
  await pullMissing(settings, names, signal);
  if (settings.disposable) await removeContainers(settings);
  const first = await hasNoVolumes(settings);
  const stop = async () => {
    if (settings.disposable) await removeContainers(settings);
    else await run('docker', [...args, 'stop', '--timeout', '5', ...names], options);
  };
  try {
    await step(`Starting ${names.join(', ')} in Docker`, () =>
      runOrFail('docker', [...args, 'up', '--detach', '--wait', ...names], { ...options, signal }),
    );
  } catch (error) {
    // A cluster whose making was cut short would never mend, and every later start would meet it.
    await (first && signal.aborted ? removeContainers(settings) : stop());
    throw error;
  }
  const url = (name: ServerName, scheme: string) => `${scheme}127.0.0.1:${settings.ports[name].port}`;
  return {
    addresses: {
      postgres: url('postgres', 'postgres://postgres:postgres@'),
      timescaledb: url('timescaledb', 'postgres://postgres:postgres@'),
      kafka: url('kafka', ''),
      redis: url('redis', 'redis://'),
      ...settings.outside,
    },
    ...(names.includes('timescaledb') && {
      communityDatabase: `${url('timescaledb', 'postgres://postgres:postgres@')}/community_tests`,
    }),
    processes: [],
    stop,
  };
}

async function hasNoVolumes({ name }: InfraSettings): Promise<boolean> {
  const ofProject = ['--filter', `label=com.docker.compose.project=${name}`];
  return (await runOrFail('docker', ['volume', 'ls', '--quiet', ...ofProject])) === '';
}

async function pullMissing(settings: InfraSettings, names: readonly ServerName[], signal: AbortSignal): Promise<void> {
  const { args, options } = compose(settings);
  const images = await runOrFail('docker', [...args, 'config', '--images', ...names], { ...options, signal });
  const present = await run('docker', ['image', 'inspect', ...images.split(/\s+/).filter(Boolean)], { signal });
  if (present.code === 0) return;
  await step('Pulling the Docker images', async () => {
    const { code, output } = await run('docker', [...args, 'pull', '--quiet', ...names], { ...options, signal });
    if (code !== 0) throw new PullFailed(output.trim().split('\n').at(-1));
  });
}

/** Removes the containers, networks and volumes of the project. */
export async function removeContainers(settings: InfraSettings): Promise<void> {
  const { args, options } = compose(settings);
  await runOrFail('docker', [...args, 'down', '--volumes', '--timeout', '5'], options);
}

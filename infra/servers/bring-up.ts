import { existsSync } from 'node:fs';
import { OperatorError, say } from '../console.ts';
import { PullFailed, runContainers, runningContainers } from '../docker/compose.ts';
import { dockerObstacle } from '../docker/engine.ts';
import { assertNotInUse, type Volumes, volumesOf } from '../docker/volumes.ts';
import { debianServersFolder } from '../local/debian/servers.ts';
import { canRun } from '../local/java.ts';
import { runLocalServers } from '../local/run-servers.ts';
import { assertPortsFree, type NamedPort } from '../process/ports.ts';
import {
  assertPortsDiffer,
  type InfraSettings,
  type ServerAddresses,
  type ServerName,
  serversToRun,
} from '../settings.ts';
import { assertOutsideServersAccept } from './outside.ts';
import type { RunningServers } from './running-servers.ts';

export type Way = 'docker' | 'local' | 'outside';

/** Chooses Docker if its engine answers, and local processes otherwise. INFRA overrides the choice. */
export async function chooseWay(settings: InfraSettings, signal: AbortSignal): Promise<Way> {
  if (serversToRun(settings).length === 0) return 'outside';
  const obstacle = settings.choice === 'local' ? 'INFRA=local' : await dockerObstacle(signal);
  if (!obstacle) return 'docker';
  if (settings.choice === 'docker') throw new OperatorError(`INFRA is "docker", but ${obstacle}.`);
  await assertLocalPossible(settings, obstacle, signal);
  say(`  the servers will run as local processes (${obstacle})`);
  return 'local';
}

/** Starts all servers that have no outside address. `others` are further ports that must be free. */
export async function bringUpServers(
  settings: InfraSettings,
  others: readonly NamedPort[],
  signal: AbortSignal,
): Promise<RunningServers> {
  const way = await chooseWay(settings, signal);
  const volumes = way === 'docker' ? await volumesToUse(settings) : undefined;
  await checkPorts(settings, way, others, signal);
  await assertOutsideServersAccept(settings.outside);
  if (way === 'outside') return { addresses: settings.outside as ServerAddresses, processes: [], stop: async () => {} };
  if (!volumes) return runLocalServers(settings, signal);
  try {
    return await runContainers(settings, volumes, signal);
  } catch (error) {
    if (!(error instanceof PullFailed)) throw error;
    if (settings.choice === 'docker') throw new OperatorError(`Docker could not pull the images: ${error.message}`);
    say(`! Docker could not pull the images (${error.message}); the servers will run as local processes instead`);
    await assertLocalPossible(settings, 'Docker could not pull the images', signal);
    await checkPorts(settings, 'local', [], signal);
    return runLocalServers(settings, signal);
  }
}

/** The volumes to use. Prints a note if volumes with the name of a deployment exist. */
async function volumesToUse(settings: InfraSettings): Promise<Volumes> {
  const { volumes, found } = await volumesOf(settings);
  if (settings.disposable) return volumes;
  assertNotInUse(volumes, found);
  const usedOn = Object.values(volumes.names).filter((name) => volumes.adopted.includes(name));
  if (usedOn.length > 0) {
    say(`  using the data of an earlier start in the Docker volumes ${usedOn.join(', ')}`);
    say('  to also deploy on this machine with `docker compose up`, set COMPOSE_PROJECT_NAME to another name for it');
  }
  if (volumes.foreign.length > 0) {
    say(`  not using the Docker volumes ${volumes.foreign.join(', ')}: they may belong to a deployment`);
  }
  return volumes;
}

async function checkPorts(
  settings: InfraSettings,
  way: Way,
  others: readonly NamedPort[],
  signal: AbortSignal,
): Promise<void> {
  const names: (ServerName | 'kafkaController')[] = serversToRun(settings);
  if (way === 'local' && names.includes('kafka')) names.push('kafkaController');
  const ports = names.map((name) => settings.ports[name]);
  assertPortsDiffer([...ports, ...others]);
  const ours = way === 'docker' ? (await runningContainers(settings)).map((name) => settings.ports[name]) : [];
  await assertPortsFree([...ports.filter((port) => !ours.includes(port)), ...others], signal);
}

async function assertLocalPossible(settings: InfraSettings, obstacle: string, signal: AbortSignal): Promise<void> {
  const needsDebian = serversToRun(settings).some((name) => name !== 'kafka');
  const debian = process.platform === 'linux' && (await canRun('apt-get')) && (await canRun('dpkg-deb'));
  signal.throwIfAborted();
  if (process.platform === 'linux' && (debian || !needsDebian || existsSync(debianServersFolder()))) return;
  throw new OperatorError(
    `Cannot start the servers: ${obstacle}, and this is not a Debian-like system with apt-get. Choose one:
  - install and start Docker with Docker Compose;
  - use a Debian-like Linux, where the servers run without Docker;
  - use servers of your own: set POSTGRES_URL, TIMESCALEDB_URL, KAFKA_BROKERS and REDIS_URL
    (with the prefix TEST_ for a test run).`,
  );
}

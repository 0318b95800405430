import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { OperatorError } from '../console.ts';
import { runOrFail } from '../process/run.ts';
import type { InfraSettings, ServerName } from '../settings.ts';

/** The servers that store data; each has a volume. */
const keeping = ['postgres', 'timescaledb', 'kafka'] as const satisfies readonly ServerName[];

/** The project of deployments by `docker compose up`. Older versions used the same name for local starts. */
const SHARED_PROJECT = 'activity-feed';
/** Services that a local start never runs in containers. */
const deployedOnly = ['social-graph', 'activity', 'feed', 'gateway'];

export interface Container {
  readonly name: string;
  readonly service: string;
  readonly running: boolean;
}

/** All volumes of the engine, and the containers of the shared project. */
export interface Found {
  readonly volumes: readonly string[];
  readonly sharedContainers: readonly Container[];
}

export interface Volumes {
  /** The volume of each server. */
  readonly names: Readonly<Partial<Record<ServerName, string>>>;
  /** Volumes of the system that exist. */
  readonly existing: readonly string[];
  /** The system's existing volumes that are named after the Compose project that deployments share. */
  readonly adopted: readonly string[];
  /** Volumes with the shared project's name that do not belong to this system. */
  readonly foreign: readonly string[];
}

/**
 * Chooses the volumes of `project`: its own or, if it has none yet, those that an older local start left under the
 * shared name. Never mixes both, because the feed's offsets refer to one Kafka. Volumes with the shared name are left
 * alone if they may belong to a deployment: a service runs in a container, there is no Redis volume (deployments have
 * none), or no local start has run here before (`startedBefore`).
 */
export function chooseVolumes(project: string, found: Found, startedBefore: boolean): Volumes {
  const exists = (name: string) => found.volumes.includes(name);
  const own = keeping.map((server) => `${project}_${server}`);
  const earlier = [...keeping, 'redis'].map((server) => `${SHARED_PROJECT}_${server}`);
  const deployed = found.sharedContainers.some(({ service }) => deployedOnly.includes(service));
  const adopts = startedBefore && !deployed && earlier.every(exists) && !own.some(exists);
  const chosen = adopts ? earlier : own;
  const shared = earlier.filter(exists);
  return {
    names: Object.fromEntries(keeping.map((server, index) => [server, chosen[index]])),
    existing: chosen.filter(exists),
    adopted: adopts ? shared : [],
    foreign: adopts ? [] : shared,
  };
}

/** The volumes to delete. Adopted volumes may still belong to a deployment, so they are deleted only after asking. */
export const deletable = ({ existing, adopted }: Volumes, asks: boolean): string[] =>
  existing.filter((name) => asks || !adopted.includes(name));

/** Two servers on one volume corrupt it. The containers may belong to a deployment, so the user has to stop them. */
export function assertNotInUse({ adopted }: Volumes, { sharedContainers }: Found): void {
  const running = sharedContainers.filter((container) => container.running);
  if (adopted.length === 0 || running.length === 0) return;
  throw new OperatorError(
    `The volumes ${adopted.join(', ')} are in use by ${running.map(({ name }) => name).join(', ')}.\n` +
      `Stop the containers first: docker compose --project-name ${SHARED_PROJECT} stop`,
  );
}

/** Queries the engine for the volumes of a system. */
export async function volumesOf(settings: InfraSettings): Promise<{ volumes: Volumes; found: Found }> {
  const found = await find();
  // Every local start writes to the folder `logs`.
  const startedBefore = !settings.disposable && existsSync(join(settings.dataFolder, 'logs'));
  return { volumes: chooseVolumes(settings.name, found, startedBefore), found };
}

async function find(): Promise<Found> {
  const volumes = await runOrFail('docker', ['volume', 'ls', '--format', '{{.Name}}']);
  const format = '{{.Names}}\t{{.Label "com.docker.compose.service"}}\t{{.State}}';
  const ofProject = ['--filter', `label=com.docker.compose.project=${SHARED_PROJECT}`];
  const containers = await runOrFail('docker', ['ps', '--all', ...ofProject, '--format', format]);
  return { volumes: lines(volumes), sharedContainers: lines(containers).map(readContainer) };
}

function readContainer(line: string): Container {
  const [name = '', service = '', state = ''] = line.split('\t');
  return { name, service, running: state === 'running' || state === 'restarting' };
}

/** Creates the volumes that do not exist. `undefined` stands for a server without a volume. */
export async function createVolumes(names: readonly (string | undefined)[]): Promise<void> {
  for (const name of names) if (name) await runOrFail('docker', ['volume', 'create', name]);
}

/** The containers of a project and those that use `volumes`, including stopped ones. */
export async function containersOf(project: string, volumes: readonly string[]): Promise<string[]> {
  const list = async (filter: string) =>
    lines(await runOrFail('docker', ['ps', '--all', '--filter', filter, '--format', '{{.Names}}']));
  const filters = [`label=com.docker.compose.project=${project}`, ...volumes.map((name) => `volume=${name}`)];
  return [...new Set((await Promise.all(filters.map(list))).flat())].sort();
}

/** Removes volumes and the stopped containers that use them. Missing volumes are ignored. */
export async function removeVolumes(project: string, names: readonly string[]): Promise<void> {
  const containers = await containersOf(project, names);
  if (containers.length > 0) await runOrFail('docker', ['rm', '--volumes', ...containers]);
  if (names.length > 0) await runOrFail('docker', ['volume', 'rm', '--force', ...names]);
}

const lines = (text: string) => text.split('\n').filter((line) => line !== '');

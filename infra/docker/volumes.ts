import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { OperatorError } from '../console.ts';
import { runOrFail } from '../process/run.ts';
import type { InfraSettings, ServerName } from '../settings.ts';

/** The servers that keep something: each has a volume. */
const keeping = ['postgres', 'timescaledb', 'kafka'] as const satisfies readonly ServerName[];

/** The project of a local start until it had one of its own; a deployment by `docker compose up` is called so too. */
const SHARED_PROJECT = 'activity-feed';
/** What a local start never runs in containers. */
const deployedOnly = ['social-graph', 'activity', 'feed', 'gateway'];

export interface Container {
  readonly name: string;
  readonly service: string;
  readonly running: boolean;
}

/** What the engine has of a project and of the one that it once shared with deployments. */
export interface Found {
  readonly volumes: readonly string[];
  readonly sharedContainers: readonly Container[];
}

export interface Volumes {
  /** The volume of each server. */
  readonly names: Readonly<Partial<Record<ServerName, string>>>;
  /** The system's volumes that exist. */
  readonly existing: readonly string[];
  /** Those among them that have the shared project's name. */
  readonly adopted: readonly string[];
  /** Those of the shared project that are not this system's. */
  readonly foreign: readonly string[];
}

/**
 * Which volumes the project `project` uses: its own, and where it has none yet, those that a local start left under the
 * shared name. All or none of them: the feed's offsets are of one Kafka. They are left alone when anything says that they
 * belong to a deployment: a container of a service, no volume of Redis, which deployments no longer have, or that no
 * local start has been here (`startedBefore`).
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

/** Those to delete. Whoever is not asked does not see adopted ones named, which may be a deployment's all the same. */
export const deletable = ({ existing, adopted }: Volumes, asks: boolean): string[] =>
  existing.filter((name) => asks || !adopted.includes(name));

/** Two servers on one volume would destroy it; the containers may be a deployment's, so that only its owner stops them. */
export function assertNotInUse({ adopted }: Volumes, { sharedContainers }: Found): void {
  const running = sharedContainers.filter((container) => container.running);
  if (adopted.length === 0 || running.length === 0) return;
  throw new OperatorError(
    `The volumes ${adopted.join(', ')} are in use by ${running.map(({ name }) => name).join(', ')}.\n` +
      `Stop these first: docker compose --project-name ${SHARED_PROJECT} stop`,
  );
}

/** The volumes of a system, as the engine has them now. */
export async function volumesOf(settings: InfraSettings): Promise<{ volumes: Volumes; found: Found }> {
  const found = await find();
  // Every start by processes leaves logs there.
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

/** Creates those that do not exist yet; `undefined` stands for a server without a volume. */
export async function createVolumes(names: readonly (string | undefined)[]): Promise<void> {
  for (const name of names) if (name) await runOrFail('docker', ['volume', 'create', name]);
}

/** The containers of a project and those on `volumes`, stopped ones too. */
export async function containersOf(project: string, volumes: readonly string[]): Promise<string[]> {
  const list = async (filter: string) =>
    lines(await runOrFail('docker', ['ps', '--all', '--filter', filter, '--format', '{{.Names}}']));
  const filters = [`label=com.docker.compose.project=${project}`, ...volumes.map((name) => `volume=${name}`)];
  return [...new Set((await Promise.all(filters.map(list))).flat())].sort();
}

/** Removes volumes, and whatever stopped containers are left on them; none need exist. */
export async function removeVolumes(project: string, names: readonly string[]): Promise<void> {
  const containers = await containersOf(project, names);
  if (containers.length > 0) await runOrFail('docker', ['rm', '--volumes', ...containers]);
  if (names.length > 0) await runOrFail('docker', ['volume', 'rm', '--force', ...names]);
}

const lines = (text: string) => text.split('\n').filter((line) => line !== '');

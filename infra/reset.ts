import { existsSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { runCommand } from './command.ts';
import { confirmDeletion } from './confirm.ts';
import { OperatorError, say, step } from './console.ts';
import { removeContainers } from './docker/compose.ts';
import { dockerObstacle } from './docker/engine.ts';
import { assertNotInUse, containersOf, deletable, volumesOf } from './docker/volumes.ts';
import { removeServersFolder, serversPlace } from './local/data-folder.ts';
import { releaseLock, takeLock } from './process/lock.ts';
import { type InfraSettings, infraSettings } from './settings.ts';
import { startLock } from './start-lock.ts';

const root = resolve(import.meta.dirname, '..');
const args = process.argv.slice(2);

/** What `npm start` makes there; whatever else is in a folder that DATA_DIR names is not ours to remove. */
const ours = ['logs', 'admin-key'];

interface Part {
  /** For whoever is asked. */
  readonly lines: readonly string[];
  remove(): Promise<void>;
}

/** Removes all data of the local system; the next start makes it anew with its demo users. Test data is not its own. */
await runCommand(async (stopRequested) => {
  if (args.some((arg) => arg !== '--yes')) throw new OperatorError('Usage: npm run reset [-- --yes]');
  const settings = infraSettings(root, process.env, 'start');
  const lock = startLock(settings);
  const holder = takeLock(lock);
  if (holder !== undefined) throw new OperatorError(`The system is running (process ${holder}); stop it first.`);
  try {
    const outside = Object.keys(settings.outside);
    if (outside.length > 0) say(`! What is in servers of your own stays: ${outside.join(', ')}`);
    const parts = [await inDocker(settings, stopRequested), inDataFolder(settings)];
    const lines = parts.flatMap((part) => part.lines);
    if (lines.length === 0) {
      say('✓ There is no local data; the next start begins with the demo users.');
      return 0;
    }
    if (!(await confirmDeletion(lines, args.includes('--yes'), stopRequested))) {
      say('Nothing is deleted.');
      return 1;
    }
    for (const part of parts) if (part.lines.length > 0) await part.remove();
    say('✓ The local data is gone; the next start begins with the demo users.');
    return 0;
  } finally {
    releaseLock(lock);
  }
});

async function inDocker(settings: InfraSettings, signal: AbortSignal): Promise<Part> {
  const nothing = { lines: [], remove: async () => {} };
  if (settings.choice === 'local' || !existsSync(join(root, 'docker-compose.yml'))) return nothing;
  const obstacle = await dockerObstacle(signal);
  if (obstacle && settings.choice === 'docker') throw new OperatorError(`INFRA is "docker", but ${obstacle}.`);
  if (obstacle) return nothing;
  const { volumes, found } = await volumesOf(settings);
  assertNotInUse(volumes, found);
  if (volumes.foreign.length > 0) say(`! Taken for a deployment's, and kept: ${volumes.foreign.join(', ')}`);
  const deleted = deletable(volumes, !args.includes('--yes'));
  const kept = volumes.existing.filter((name) => !deleted.includes(name));
  if (kept.length > 0) say(`! Of an earlier start or a deployment, and kept with --yes: ${kept.join(', ')}`);
  const containers = await containersOf(settings.name, deleted);
  return {
    lines: [...containers.map((name) => `Docker container ${name}`), ...deleted.map((name) => `Docker volume ${name}`)],
    remove: () => step('Removing containers and volumes', () => removeContainers(settings, deleted)),
  };
}

function inDataFolder({ dataFolder }: InfraSettings): Part {
  const servers = serversPlace(dataFolder);
  const entries = ours.map((entry) => join(dataFolder, entry)).filter((entry) => existsSync(entry));
  return {
    lines: [...(servers ? [servers] : []), ...entries],
    remove: async () => {
      removeServersFolder(dataFolder);
      for (const entry of entries) rmSync(entry, { recursive: true, force: true });
    },
  };
}

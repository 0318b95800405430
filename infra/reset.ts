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

/**
 * What `npm start` and `npm run generate` create in the data folder. Other files there, such as in a custom DATA_DIR,
 * are kept.
 */
const ours = ['logs', 'admin-key', 'service-secret', 'world-keys', 'observe'];

interface Part {
  /** What will be deleted, for the confirmation. */
  readonly lines: readonly string[];
  remove(): Promise<void>;
}

/** Removes all data of the local system. The next start creates the demo users again. Test data is not touched. */
await runCommand(async (stopRequested) => {
  if (args.some((arg) => arg !== '--yes')) throw new OperatorError('Usage: npm run reset [-- --yes]');
  const settings = infraSettings(root, process.env, 'start');
  const lock = startLock(settings);
  const holder = takeLock(lock);
  if (holder !== undefined) throw new OperatorError(`The system is running (process ${holder}); stop it first.`);
  try {
    const outside = Object.keys(settings.outside);
    if (outside.length > 0) say(`! Data on your own servers is kept: ${outside.join(', ')}`);
    const parts = [await inDocker(settings, stopRequested), inDataFolder(settings)];
    const lines = parts.flatMap((part) => part.lines);
    if (lines.length === 0) {
      say('✓ There is no local data to delete. The next start begins with the demo users only.');
      return 0;
    }
    if (!(await confirmDeletion(lines, args.includes('--yes'), stopRequested))) {
      say('Nothing was deleted.');
      return 1;
    }
    for (const part of parts) if (part.lines.length > 0) await part.remove();
    say('✓ Deleted the local data. The next start begins with the demo users only.');
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
  if (volumes.foreign.length > 0) {
    say(`! Kept Docker volumes that may belong to a deployment: ${volumes.foreign.join(', ')}`);
  }
  const deleted = deletable(volumes, !args.includes('--yes'));
  const kept = volumes.existing.filter((name) => !deleted.includes(name));
  if (kept.length > 0) {
    say(`! Kept Docker volumes of an earlier start or a deployment: ${kept.join(', ')}. To delete them, omit --yes.`);
  }
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

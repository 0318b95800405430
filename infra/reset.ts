import { existsSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { runCommand } from './command.ts';
import { OperatorError, say, step } from './console.ts';
import { removeContainers } from './docker/compose.ts';
import { dockerObstacle } from './docker/engine.ts';
import { removeServersFolder } from './local/data-folder.ts';
import { releaseLock, takeLock } from './process/lock.ts';
import { infraSettings } from './settings.ts';
import { startLock } from './start-lock.ts';

const root = resolve(import.meta.dirname, '..');

/** What `npm start` makes there; whatever else is in a folder that DATA_DIR names is not ours to remove. */
const ours = ['logs', 'admin-key'];

/** Removes all data of the local system; the next start makes it anew with its demo users. Test data is not its own. */
await runCommand(async (stopRequested) => {
  const settings = infraSettings(root, process.env, 'start');
  const { dataFolder } = settings;
  const lock = startLock(settings);
  const holder = takeLock(lock);
  if (holder !== undefined) throw new OperatorError(`The system is running (process ${holder}); stop it first.`);
  try {
    const outside = Object.keys(settings.outside);
    if (outside.length > 0) say(`! What is in servers of your own stays: ${outside.join(', ')}`);
    if (settings.choice !== 'local' && existsSync(join(root, 'docker-compose.yml'))) {
      const obstacle = await dockerObstacle(stopRequested);
      if (!obstacle) await step('Removing containers and volumes', () => removeContainers(settings));
      else if (settings.choice === 'docker') throw new OperatorError(`INFRA is "docker", but ${obstacle}.`);
    }
    removeServersFolder(dataFolder);
    for (const entry of ours) rmSync(join(dataFolder, entry), { recursive: true, force: true });
    say('✓ The local data is gone; the next start begins with the demo users.');
    return 0;
  } finally {
    releaseLock(lock);
  }
});

import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { bringUpAndBuild } from '../bring-up-and-build.ts';
import { OperatorError, say } from '../console.ts';
import { removeServersFolder } from '../local/data-folder.ts';
import { releaseLock, takeLock } from '../process/lock.ts';
import type { RunningServers } from '../servers/running-servers.ts';
import { infraSettings } from '../settings.ts';
import { suites } from './run-jest.ts';

/** Lets a run of tests have servers with nothing in them, beside a running system; they end with the run. */
export async function withTestServers<T>(
  root: string,
  stopRequested: AbortSignal,
  work: (servers: RunningServers, folder: string) => Promise<T>,
): Promise<T> {
  const settings = infraSettings(root, process.env, 'test');
  const lock = `${settings.dataFolder}.lock`;
  const holder = takeLock(lock);
  if (holder !== undefined) throw new OperatorError(`Tests are running here already (process ${holder}).`);
  try {
    removeServersFolder(settings.dataFolder);
    // Only what a run makes there: the folder may be anywhere that DATA_DIR says.
    for (const entry of ['logs', 'coverage', ...suites.map((suite) => `${suite}.json`)]) {
      rmSync(join(settings.dataFolder, entry), { recursive: true, force: true });
    }
    mkdirSync(settings.dataFolder, { recursive: true });
    const servers = await bringUpAndBuild(settings, [], stopRequested);
    try {
      for (const server of servers.processes) void server.died().then((how) => say(`! ${server.spec.name} ${how}`));
      return await work(servers, settings.dataFolder);
    } finally {
      await servers.stop();
    }
  } finally {
    // The logs stay, for whoever looks for a failure's cause.
    removeServersFolder(settings.dataFolder);
    releaseLock(lock);
  }
}

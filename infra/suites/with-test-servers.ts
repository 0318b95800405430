import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { bringUpAndBuild } from '../bring-up-and-build.ts';
import { OperatorError, say } from '../console.ts';
import { removeServersFolder } from '../local/data-folder.ts';
import { releaseLock, takeLock } from '../process/lock.ts';
import type { RunningServers } from '../servers/running-servers.ts';
import { infraSettings } from '../settings.ts';
import { reportName, turns } from './run-jest.ts';
import { skipFsync } from './skip-fsync.ts';

/** Runs `work` with empty test servers, which stop afterwards. A running system is not affected. */
export async function withTestServers<T>(
  root: string,
  stopRequested: AbortSignal,
  work: (servers: RunningServers, folder: string) => Promise<T>,
): Promise<T> {
  const settings = infraSettings(root, process.env, 'test');
  const lock = `${settings.dataFolder}.lock`;
  const holder = takeLock(lock);
  if (holder !== undefined) throw new OperatorError(`Tests are already running here (process ${holder}).`);
  try {
    removeServersFolder(settings.dataFolder);
    // Delete only what a run creates: DATA_DIR may be a folder with other files.
    for (const entry of ['logs', 'coverage', ...turns.flat().map(reportName)]) {
      rmSync(join(settings.dataFolder, entry), { recursive: true, force: true });
    }
    mkdirSync(settings.dataFolder, { recursive: true });
    const servers = await bringUpAndBuild(settings, [], stopRequested);
    try {
      const own = (['postgres', 'timescaledb'] as const).filter((name) => !settings.outside[name]);
      await skipFsync(own.map((name) => servers.addresses[name]));
      for (const server of servers.processes) void server.died().then((how) => say(`! ${server.spec.name} ${how}`));
      return await work(servers, settings.dataFolder);
    } finally {
      await servers.stop();
    }
  } finally {
    // Keep the logs, for finding the cause of a failure.
    removeServersFolder(settings.dataFolder);
    releaseLock(lock);
  }
}

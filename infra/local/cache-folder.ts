import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { OperatorError, say } from '../console.ts';
import { releaseLock, takeLock } from '../process/lock.ts';

export const isRoot = process.getuid?.() === 0;

/** For root it is outside of /root, because PostgreSQL then runs as a user that cannot enter /root. */
export function cacheFolder(): string {
  if (isRoot) return '/var/cache/activity-feed';
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'activity-feed');
}

/** Runs `work` while no other process installs into the cache. */
export async function withCacheLock<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  const folder = cacheFolder();
  const lock = join(folder, 'install.lock');
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new OperatorError(
      `Cannot create ${folder} (${(error as Error).message}). Set XDG_CACHE_HOME to use another folder.`,
    );
  }
  let reported = 0;
  for (let holder = takeLock(lock); holder !== undefined; holder = takeLock(lock)) {
    if (holder !== reported) say(`  waiting for another installation into ${folder} (process ${holder})`);
    reported = holder;
    await sleep(500, undefined, { signal });
  }
  try {
    return await work();
  } finally {
    releaseLock(lock);
  }
}

/** Fills a temporary folder and renames it when it is complete, so that `folder` is never half installed. */
export async function installOnce(folder: string, fill: (temporary: string) => Promise<void>): Promise<string> {
  if (existsSync(folder)) return folder;
  const parent = dirname(folder);
  for (const left of readdirSync(parent)) {
    if (left.startsWith(`${basename(folder)}.tmp-`)) rmSync(join(parent, left), { recursive: true, force: true });
  }
  const temporary = mkdtempSync(`${folder}.tmp-`);
  try {
    await fill(temporary);
    renameSync(join(temporary, 'installed'), folder);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
  return folder;
}

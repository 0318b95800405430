import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { OperatorError, say } from '../console.ts';
import { releaseLock, takeLock } from '../process/lock.ts';

export const isRoot = process.getuid?.() === 0;

/** Root's home is closed to the user that runs PostgreSQL for root; everybody else has a cache of their own. */
export function cacheFolder(): string {
  if (isRoot) return '/var/cache/activity-feed';
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'activity-feed');
}

/** Lets one installer at a time into the cache; a second one waits and then finds the work done. */
export async function withCacheLock<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  const folder = cacheFolder();
  const lock = join(folder, 'install.lock');
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new OperatorError(
      `${folder} cannot be made (${(error as Error).message}); XDG_CACHE_HOME sets another place.`,
    );
  }
  let told = 0;
  for (let holder = takeLock(lock); holder !== undefined; holder = takeLock(lock)) {
    if (holder !== told) say(`  waiting for another installation into ${folder} (process ${holder})`);
    told = holder;
    await sleep(500, undefined, { signal });
  }
  try {
    return await work();
  } finally {
    releaseLock(lock);
  }
}

/** Fills a folder under another name and renames it when it is whole: half an installation never counts. */
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

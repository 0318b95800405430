import { existsSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** A process's start time in kernel ticks, because pids are reused. Empty if unknown. */
function bootTicks(pid: number): string {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return fields[0] === 'Z' ? 'ended' : (fields[19] ?? '');
  } catch {
    return '';
  }
}

function isAlive(pid: number, ticks: string): boolean {
  // kill(0) addresses this process's own group.
  if (!(pid > 0)) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  return bootTicks(pid) === ticks;
}

/** The living process that holds a lock, or undefined. */
function lockHolder(file: string): number | undefined {
  try {
    const [pid = '', ticks = ''] = readFileSync(file, 'utf8').split(' ');
    return isAlive(Number(pid), ticks) ? Number(pid) : undefined;
  } catch {
    return undefined;
  }
}

/** Takes a lock for this process, also from a dead holder. Returns the pid of a living holder instead. */
export function takeLock(file: string): number | undefined {
  mkdirSync(dirname(file), { recursive: true });
  const own = `${file}.${process.pid}`;
  for (;;) {
    writeFileSync(own, `${process.pid} ${bootTicks(process.pid)}`);
    try {
      // A link appears with its content; a file that is being written could be read empty.
      linkSync(own, file);
      return undefined;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      const holder = lockHolder(file);
      if (holder !== undefined) return holder;
      // Rename instead of remove: of two processes that find the same stale lock, only one moves it away.
      if (!existsSync(file)) continue;
      renameSync(file, own);
      // Another process may have taken the lock just before the rename: put it back and look again.
      if (lockHolder(own) !== undefined) linkSync(own, file);
    } finally {
      rmSync(own, { force: true });
    }
  }
}

export function releaseLock(file: string): void {
  rmSync(file, { force: true });
}

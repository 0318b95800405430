import { existsSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** When a process began, in the kernel's ticks: a pid alone may be another process by now. Empty where unknown. */
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
  // 0 would ask for this process's own group.
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

/** Takes a lock for this process, a dead holder's too; returns the pid of the living holder when it is taken. */
export function takeLock(file: string): number | undefined {
  mkdirSync(dirname(file), { recursive: true });
  const own = `${file}.${process.pid}`;
  for (;;) {
    writeFileSync(own, `${process.pid} ${bootTicks(process.pid)}`);
    try {
      // A link appears with its content; a file written in place could be read empty.
      linkSync(own, file);
      return undefined;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      const holder = lockHolder(file);
      if (holder !== undefined) return holder;
      // Renaming instead of removing: of two that find the same dead lock only one moves it away.
      if (!existsSync(file)) continue;
      renameSync(file, own);
      // It may have become another's lock just before: then it goes back, and its holder is found at the next look.
      if (lockHolder(own) !== undefined) linkSync(own, file);
    } finally {
      rmSync(own, { force: true });
    }
  }
}

export function releaseLock(file: string): void {
  rmSync(file, { force: true });
}

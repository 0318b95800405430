import { existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = '/sys/fs/cgroup';
/** Microseconds: short, so that a process that has used up its share does not wait long for its next one. */
const PERIOD = 10_000;

/**
 * Holds each of `processes` to `share` of a core until the function that it gives is called. Undefined where this user
 * can make no cgroups.
 */
export function holdToShare(processes: readonly number[], share: number): (() => void) | undefined {
  const folders: string[] = [];
  const release = () => {
    for (const folder of folders.splice(0)) {
      try {
        rmdirSync(folder);
      } catch {
        // A process is still in it: it goes with the machine's next start.
      }
    }
  };
  try {
    for (const pid of processes) folders.push(hold(pid, Math.round(share * PERIOD)));
    return release;
  } catch {
    release();
    return undefined;
  }
}

/** Version 2 where it is the only one, else version 1. */
function hold(pid: number, quota: number): string {
  const isVersion2 = existsSync(join(ROOT, 'cgroup.controllers'));
  const folder = join(ROOT, isVersion2 ? '' : 'cpu', `activity-feed-bench-${pid}`);
  mkdirSync(folder);
  if (isVersion2) writeFileSync(join(folder, 'cpu.max'), `${quota} ${PERIOD}`);
  else {
    writeFileSync(join(folder, 'cpu.cfs_period_us'), String(PERIOD));
    writeFileSync(join(folder, 'cpu.cfs_quota_us'), String(quota));
  }
  writeFileSync(join(folder, 'cgroup.procs'), String(pid));
  return folder;
}

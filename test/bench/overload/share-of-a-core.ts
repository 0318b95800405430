import { existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const ROOT = '/sys/fs/cgroup';
/** Microseconds. Short, so that a process that has used up its share does not wait long for the next period. */
const PERIOD = 10_000;

/** cgroups version 2 if no other version is mounted, else version 1. */
const isVersion2 = existsSync(join(ROOT, 'cgroup.controllers'));
export const CGROUPS = isVersion2 ? ROOT : join(ROOT, 'cpu');

/**
 * Limits each of `processes` to `share` of a core until the returned function is called. Returns undefined if this user
 * cannot create cgroups.
 */
export function holdToShare(processes: readonly number[], share: number): (() => void) | undefined {
  const release = () => {
    for (const pid of processes) letGo(pid);
  };
  try {
    for (const pid of processes) hold(pid, Math.round(share * PERIOD));
    return release;
  } catch {
    release();
    return undefined;
  }
}

const cgroupOf = (pid: number) => join(CGROUPS, `activity-feed-bench-${pid}`);

function hold(pid: number, quota: number): void {
  const folder = cgroupOf(pid);
  // A benchmark that was killed may have left the folder behind.
  mkdirSync(folder, { recursive: true });
  if (isVersion2) writeFileSync(join(folder, 'cpu.max'), `${quota} ${PERIOD}`);
  else {
    writeFileSync(join(folder, 'cpu.cfs_period_us'), String(PERIOD));
    writeFileSync(join(folder, 'cpu.cfs_quota_us'), String(quota));
  }
  writeFileSync(join(folder, 'cgroup.procs'), String(pid));
}

/** A cgroup that contains a process cannot be removed, so the process is moved out first. */
function letGo(pid: number): void {
  const folder = cgroupOf(pid);
  if (!existsSync(folder)) return;
  try {
    writeFileSync(join(dirname(folder), 'cgroup.procs'), String(pid));
  } catch {
    // The process has ended.
  }
  try {
    rmdirSync(folder);
  } catch {
    // The cgroup remains until the machine restarts.
  }
}

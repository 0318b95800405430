import { existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const ROOT = '/sys/fs/cgroup';
/** Microseconds: short, so that a process that has used up its share does not wait long for its next one. */
const PERIOD = 10_000;

/** Version 2 where it is the only one, else version 1. */
const isVersion2 = existsSync(join(ROOT, 'cgroup.controllers'));
export const CGROUPS = isVersion2 ? ROOT : join(ROOT, 'cpu');

/**
 * Holds each of `processes` to `share` of a core until the function that it gives is called. Undefined where this user
 * can make no cgroups.
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
  // One may be left of a benchmark that was killed.
  mkdirSync(folder, { recursive: true });
  if (isVersion2) writeFileSync(join(folder, 'cpu.max'), `${quota} ${PERIOD}`);
  else {
    writeFileSync(join(folder, 'cpu.cfs_period_us'), String(PERIOD));
    writeFileSync(join(folder, 'cpu.cfs_quota_us'), String(quota));
  }
  writeFileSync(join(folder, 'cgroup.procs'), String(pid));
}

/** A cgroup with a process in it cannot be removed: the process goes first. */
function letGo(pid: number): void {
  const folder = cgroupOf(pid);
  if (!existsSync(folder)) return;
  try {
    writeFileSync(join(dirname(folder), 'cgroup.procs'), String(pid));
  } catch {
    // It has ended.
  }
  try {
    rmdirSync(folder);
  } catch {
    // It goes with the machine's next start.
  }
}

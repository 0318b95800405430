import { readdirSync, readFileSync } from 'node:fs';

/**
 * The CPU time in microseconds that processes have used since their start, including kernel time. Only of threads that
 * still run: a service ends none while it is measured.
 */
export function cpuOf(pids: readonly number[]): number {
  return pids.flatMap(threadsOf).reduce((sum, thread) => sum + nanosecondsOf(thread), 0) / 1_000;
}

const threadsOf = (pid: number) => readdirSync(`/proc/${pid}/task`).map((thread) => `/proc/${pid}/task/${thread}`);

/**
 * The first field of schedstat (Documentation/scheduler/sched-stats.rst of the kernel). The times in /proc/<pid>/stat are in
 * hundredths of a second: more than a process uses in a short measurement on a busy machine.
 */
const nanosecondsOf = (thread: string) => Number(readFileSync(`${thread}/schedstat`, 'utf8').split(' ')[0]);

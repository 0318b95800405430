import { readdirSync, readFileSync } from 'node:fs';

/**
 * The CPU time in microseconds that processes have used since their start, including kernel time. Only of threads that
 * still run: a service ends none while it is measured.
 */
export function cpuOf(pids: readonly number[]): number {
  return pids.flatMap((pid) => [...cpuOfThreads(pid).values()]).reduce((sum, cpu) => sum + cpu, 0);
}

/** The CPU time in microseconds of each thread of a process that has not ended. Empty if the process has ended. */
export function cpuOfThreads(pid: number): Map<string, number> {
  const folder = `/proc/${pid}/task`;
  const threads = unlessEnded(() => readdirSync(folder)) ?? [];
  return new Map(
    threads.flatMap((thread) => {
      const cpu = unlessEnded(() => microsecondsOf(`${folder}/${thread}`));
      return cpu === undefined ? [] : [[thread, cpu]];
    }),
  );
}

/**
 * The first field of schedstat (Documentation/scheduler/sched-stats.rst of the kernel). The times in /proc/<pid>/stat are in
 * hundredths of a second: more than a process uses in a short measurement on a busy machine.
 */
const microsecondsOf = (thread: string) => Number(readFileSync(`${thread}/schedstat`, 'utf8').split(' ')[0]) / 1_000;

/** Undefined if the thread or process has ended. */
function unlessEnded<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}

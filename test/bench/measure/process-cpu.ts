import { readFileSync } from 'node:fs';

/** Linux reports hundredths of a second (proc_pid_stat(5), sysconf(_SC_CLK_TCK)). */
const MICROSECONDS_PER_TICK = 10_000;

/** The CPU time in microseconds that processes have used since their start, including kernel time. */
export function cpuOf(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + ticksOf(pid) * MICROSECONDS_PER_TICK, 0);
}

function ticksOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The second field is the name in parentheses, which may contain anything. utime and stime are the 14th and 15th.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return Number(fields[11]) + Number(fields[12]);
}

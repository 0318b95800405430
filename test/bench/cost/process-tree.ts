import { readdirSync, readFileSync } from 'node:fs';

/** What /proc/<pid>/stat counts in, hundredths of a second (USER_HZ), as microseconds. */
const TICK = 10_000;

/**
 * The CPU time in microseconds of a process and its children, such as PostgreSQL's, including threads that have ended, and children
 * that have ended and were waited for. In steps of 10 ms.
 */
export function cpuOfTree(root: number): number {
  const children = readdirSync('/proc').filter((name) => statOf(name)?.parent === root);
  const stats = [String(root), ...children].map(statOf);
  const ended = stats[0]?.ended ?? 0;
  return (stats.reduce((sum, stat) => sum + (stat?.own ?? 0), 0) + ended) * TICK;
}

interface Stat {
  readonly parent: number;
  /** Ticks of its threads. */
  readonly own: number;
  /** Ticks of children that have ended. */
  readonly ended: number;
}

/** Undefined if it has ended. */
function statOf(pid: string): Stat | undefined {
  if (!/^\d+$/.test(pid)) return undefined;
  try {
    // The second field is a name that may have spaces. See proc_pid_stat(5).
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')
      .map(Number);
    const sumOf = (...places: number[]) => places.reduce((sum, place) => sum + (fields[place] as number), 0);
    return { parent: sumOf(1), own: sumOf(11, 12), ended: sumOf(13, 14) };
  } catch {
    return undefined;
  }
}

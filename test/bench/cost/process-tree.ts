import { readdirSync, readFileSync } from 'node:fs';
import { cpuOf } from '../measure/process-cpu.ts';

/** What the kernel counts in /proc/<pid>/stat: hundredths of a second (USER_HZ) as microseconds. */
const TICK = 10_000;

/**
 * The CPU time in microseconds of a process and its children, such as PostgreSQL's: of those that run, and of those that have ended
 * and were waited for.
 */
export function cpuOfTree(root: number): number {
  const children = readdirSync('/proc').flatMap((name) => (parentOf(name) === root ? Number(name) : []));
  return cpuOf([root]) + children.reduce((sum, child) => sum + cpuIfRunning(child), 0) + endedChildrenOf(root);
}

const parentOf = (name: string) => (/^\d+$/.test(name) ? fieldsOf(name)?.[1] : undefined);

const endedChildrenOf = (pid: number) => {
  const [, , , , , , , , , , , , , user = 0, system = 0] = fieldsOf(String(pid)) ?? [];
  return (user + system) * TICK;
};

/** From the third field on, as the second one is a name that may have spaces. */
function fieldsOf(pid: string): number[] | undefined {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')
      .map(Number);
  } catch {
    return undefined;
  }
}

function cpuIfRunning(pid: number): number {
  try {
    return cpuOf([pid]);
  } catch {
    // It has ended meanwhile.
    return 0;
  }
}

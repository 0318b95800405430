import { readdirSync, readFileSync } from 'node:fs';
import { cpuOfThreads } from '../measure/process-cpu.ts';

/** What /proc/<pid>/stat counts in, hundredths of a second (USER_HZ), as microseconds. */
const TICK = 10_000;

/** It rounds user and system time down separately. */
const ROUNDING = 2 * TICK;

/** CPU times in microseconds since the start of the process. */
export interface ProcessReading {
  /** By thread that has not ended. */
  readonly threads: ReadonlyMap<string, number>;
  /** Of all threads, including ended ones, rounded down. */
  readonly all: number;
}

/** A process and its children, such as PostgreSQL's. */
export interface TreeReading {
  /** By pid and start, since a pid may be used again. */
  readonly processes: ReadonlyMap<string, ProcessReading>;
  /** Microseconds of all children that have ended and were waited for, rounded down. */
  readonly ended: number;
}

/**
 * The CPU time in microseconds that a process and its children used between two readings. Exact, except for a thread that runs at
 * the time of a reading, of which a timer tick may be missing. What threads and children used that have ended in between is known in
 * ticks of 10 ms: it adds an error of up to 20 ms for all children together, and up to 40 ms for all threads of one process.
 */
export function spentBetween(before: TreeReading, after: TreeReading): number {
  const lived = [...after.processes].map(([key, process]) => spentBy(process, before.processes.get(key)));
  const ended = [...before.processes].filter(([key]) => !after.processes.has(key));
  const spentEarlier = sumOf(ended.flatMap(([, { threads }]) => [...threads.values()]));
  return sumOf(lived) + Math.max(0, after.ended - before.ended - spentEarlier);
}

function spentBy(after: ProcessReading, before: ProcessReading = { threads: new Map(), all: 0 }): number {
  const ofThreads = sumOf([...after.threads].map(([thread, cpu]) => cpu - (before.threads.get(thread) ?? 0)));
  const ofAll = after.all - before.all;
  // A larger difference than rounding causes is of threads that have ended.
  return ofAll - ofThreads > ROUNDING ? ofAll : ofThreads;
}

export function readTree(root: number): TreeReading {
  const { ended } = runningStat(root);
  const pids = readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? Number(name) : []));
  const processes = new Map<string, ProcessReading>();
  for (const pid of pids) {
    const stat = statOf(pid);
    if (!stat || (pid !== root && stat.parent !== root)) continue;
    processes.set(`${pid} ${stat.startedAt}`, { threads: cpuOfThreads(pid), all: stat.own });
  }
  // The time of a child that ended meanwhile may have been counted twice, or not at all.
  return runningStat(root).ended === ended ? { processes, ended } : readTree(root);
}

interface Stat {
  readonly parent: number;
  /** Microseconds of its threads. */
  readonly own: number;
  /** Microseconds of children that have ended. */
  readonly ended: number;
  /** In ticks since the start of the machine. */
  readonly startedAt: number;
}

function runningStat(pid: number): Stat {
  const stat = statOf(pid);
  if (!stat) throw new Error(`process ${pid} has ended while it was measured`);
  return stat;
}

/** Undefined if it has ended. */
function statOf(pid: number): Stat | undefined {
  try {
    // The second field is a name that may have spaces. See proc_pid_stat(5).
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')
      .map(Number);
    const at = (place: number) => fields[place] as number;
    return { parent: at(1), own: (at(11) + at(12)) * TICK, ended: (at(13) + at(14)) * TICK, startedAt: at(19) };
  } catch {
    return undefined;
  }
}

const sumOf = (numbers: readonly number[]) => numbers.reduce((sum, number) => sum + number, 0);

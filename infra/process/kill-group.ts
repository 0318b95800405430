import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 50;

/** Signals the process group of a detached child. False if the group has already ended. */
export function killGroup(child: ChildProcess, signal: NodeJS.Signals | 0): boolean {
  if (child.pid === undefined) return false;
  try {
    return process.kill(-child.pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    return false;
  }
}

/** Asks the group to end, and kills what is left of it after `graceMs`: the child may end before its own children. */
export async function endGroup(child: ChildProcess, graceMs: number): Promise<void> {
  const deadline = performance.now() + graceMs;
  killGroup(child, 'SIGTERM');
  while (performance.now() < deadline) {
    if (!killGroup(child, 0)) return;
    await sleep(POLL_MS);
  }
  killGroup(child, 'SIGKILL');
}

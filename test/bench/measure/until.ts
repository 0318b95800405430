import { setTimeout as pause } from 'node:timers/promises';

const LONGEST = 120_000;

/** Asks every few milliseconds until the answer is yes, and gives the time at which it was. */
export async function until(condition: () => Promise<boolean>, signal: AbortSignal, between = 5): Promise<number> {
  const startedAt = performance.now();
  while (!(await condition())) {
    signal.throwIfAborted();
    if (performance.now() - startedAt > LONGEST) throw new Error(`waited ${LONGEST / 1_000} s in vain`);
    await pause(between);
  }
  return performance.now();
}

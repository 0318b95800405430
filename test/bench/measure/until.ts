import { setTimeout as pause } from 'node:timers/promises';

const LONGEST = 120_000;

/** Polls every `between` milliseconds until `condition` is true. Returns that time, as `performance.now()`. */
export async function until(condition: () => Promise<boolean>, signal: AbortSignal, between = 5): Promise<number> {
  const startedAt = performance.now();
  while (!(await condition())) {
    signal.throwIfAborted();
    if (performance.now() - startedAt > LONGEST)
      throw new Error(`the condition was not met within ${LONGEST / 1_000} s`);
    await pause(between);
  }
  return performance.now();
}

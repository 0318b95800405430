import { setTimeout as pause } from 'node:timers/promises';

/** Resolves when `work` is done, or after `milliseconds`. */
export async function atMost(milliseconds: number, work: Promise<void>): Promise<void> {
  const done = new AbortController();
  const late = pause(milliseconds, undefined, { signal: done.signal }).catch(() => undefined);
  await Promise.race([work, late]).finally(() => done.abort());
}

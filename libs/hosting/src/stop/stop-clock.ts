import { STOP_LIMITS } from './stop-limits';

let begunAt: number | undefined;

/** Says that the process was told to end. */
export function beginStop(): void {
  begunAt ??= performance.now();
}

/**
 * Milliseconds that a part of the stop may still take. However many things are ended in a part, and whether at a time or
 * one after another, the part ends when all of its time and of those before it has passed since the stop's begin.
 */
export function leftFor(part: 'finish' | 'release', now = performance.now()): number {
  const { finish, release } = STOP_LIMITS;
  if (begunAt === undefined) return STOP_LIMITS[part];
  const end = begunAt + (part === 'finish' ? finish : finish + release);
  return Math.max(0, Math.min(STOP_LIMITS[part], end - now));
}

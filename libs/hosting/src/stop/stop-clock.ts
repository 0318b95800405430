import { STOP_LIMITS } from './stop-limits';

let begunAt: number | undefined;

/** Records the start of the shutdown. */
export function beginStop(): void {
  begunAt ??= performance.now();
}

/**
 * Milliseconds left for a part of the shutdown. A part's time ends at a fixed moment after the shutdown began, no
 * matter how many things are stopped in it, or in which order.
 */
export function leftFor(part: 'finish' | 'release', now = performance.now()): number {
  const { finish, release } = STOP_LIMITS;
  if (begunAt === undefined) return STOP_LIMITS[part];
  const end = begunAt + (part === 'finish' ? finish : finish + release);
  return Math.max(0, Math.min(STOP_LIMITS[part], end - now));
}

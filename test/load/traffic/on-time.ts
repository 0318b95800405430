/** The delay that millisecond timers cause by themselves. */
const TIMER_GRAIN = 2;
const LONGEST_NAP = 100;

export interface Arrival {
  readonly index: number;
  /** The intended time, in milliseconds since the start. */
  readonly at: number;
  /** Start of the latency measurement, as `performance.now()`. */
  readonly countsFrom: number;
  /** Delay in milliseconds. */
  readonly late: number;
}

/**
 * Calls `begin` at each of `times` without waiting for earlier requests, so a system that stalls does not reduce its
 * load. The latency of a late arrival still counts from its intended time.
 */
export async function onTime(
  times: Float64Array,
  begin: (arrival: Arrival) => void,
  stopRequested?: AbortSignal,
): Promise<void> {
  const startedAt = performance.now();
  for (let index = 0; index < times.length && !stopRequested?.aborted; ) {
    let now = performance.now();
    for (let at = times[index] as number; startedAt + at <= now; at = times[index] as number) {
      const late = now - startedAt - at;
      begin({ index, at, countsFrom: late <= TIMER_GRAIN ? now : startedAt + at, late });
      if (++index === times.length) return;
      // `begin` may have blocked.
      now = performance.now();
    }
    await nap(startedAt + (times[index] as number) - performance.now());
  }
}

const nap = (milliseconds: number) =>
  new Promise<void>((resolve) => setTimeout(resolve, Math.min(Math.max(milliseconds, 0), LONGEST_NAP)));

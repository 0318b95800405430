/** Lateness that a timer of whole milliseconds causes by itself. */
const TIMER_GRAIN = 2;
const LONGEST_NAP = 100;

export interface Arrival {
  readonly index: number;
  /** The intended time, in milliseconds since the start. */
  readonly at: number;
  /** From when its latency counts, on the clock of `performance.now()`. */
  readonly countsFrom: number;
  /** How much too late it is, in milliseconds. */
  readonly late: number;
}

/**
 * Calls `begin` at each of `times`, whether or not what began before has ended: a system that stalls cannot slow its
 * users down. An arrival that is begun too late still counts from its intended time.
 */
export async function onTime(
  times: Float64Array,
  begin: (arrival: Arrival) => void,
  stopRequested?: AbortSignal,
): Promise<void> {
  const startedAt = performance.now();
  for (let index = 0; index < times.length && !stopRequested?.aborted; ) {
    const now = performance.now();
    for (let at = times[index] as number; startedAt + at <= now; at = times[index] as number) {
      const late = now - startedAt - at;
      begin({ index, at, countsFrom: late <= TIMER_GRAIN ? now : startedAt + at, late });
      if (++index === times.length) return;
    }
    await nap(startedAt + (times[index] as number) - performance.now());
  }
}

const nap = (milliseconds: number) =>
  new Promise<void>((resolve) => setTimeout(resolve, Math.min(Math.max(milliseconds, 0), LONGEST_NAP)));

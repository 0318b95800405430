/** The state of an address. Times are milliseconds by the same clock; -∞ means never. */
export interface Candidate {
  connected: boolean;
  /** A connection attempt is in progress, or a call would start one. */
  connecting: boolean;
  /** Time of the last timeout of a call. */
  timedOutAt: number;
  /** No data has arrived since a call timed out. */
  silent: boolean;
  /** Time of the last call; only needed while silent. */
  triedAt: number;
}

/**
 * The index of the next candidate after `last`, round robin. Prefers those that are connected, not silent, and without
 * a timeout in the last `passOver` milliseconds; then those that are connected; then those that are connecting.
 * Undefined if all except `except` are down.
 */
export function nextInTurn(
  candidates: readonly Candidate[],
  { last, now, passOver, except }: { last: number; now: number; passOver: number; except?: number },
): number | undefined {
  let chosen: number | undefined;
  let best = 0;
  for (let step = 1; step <= candidates.length; step++) {
    const index = (last + step) % candidates.length;
    const fitness = index === except ? 0 : rate(candidates[index] as Candidate, now, passOver);
    if (fitness > best) [chosen, best] = [index, fitness];
  }
  return chosen;
}

/**
 * Whether to probe a silent candidate: at most once per `passOver` milliseconds. The probe must be a copy of a call, as
 * it may never be answered.
 */
export function isToBeTried({ connected, silent, timedOutAt, triedAt }: Candidate, now: number, passOver: number) {
  return connected && silent && now - Math.max(timedOutAt, triedAt) >= passOver;
}

function rate({ connected, connecting, silent, timedOutAt }: Candidate, now: number, passOver: number): number {
  if (connected) return !silent && now - timedOutAt >= passOver ? 3 : 2;
  return connecting ? 1 : 0;
}

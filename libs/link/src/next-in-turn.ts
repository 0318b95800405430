/** What is known of an address. Times are milliseconds by one clock; -∞ is never. */
export interface Candidate {
  connected: boolean;
  /** An attempt to connect is under way. */
  connecting: boolean;
  /** When a call to it timed out last. */
  timedOutAt: number;
  /** Nothing came from it since a call timed out. */
  silent: boolean;
  /** When a call was sent to it last; needed only of a silent one. */
  triedAt: number;
}

/**
 * The index after `last`, round and round, of one that is connected and had no timeout for `passOver` milliseconds, nor
 * is silent since; failing that of one that is connected, then of one that is about to be. Undefined when all are down,
 * or only `except` is not.
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
 * Whether it is time to ask a silent one whether it answers again: once each `passOver`, and beside another, as the
 * call may well be lost.
 */
export function isToBeTried({ connected, silent, timedOutAt, triedAt }: Candidate, now: number, passOver: number) {
  return connected && silent && now - Math.max(timedOutAt, triedAt) >= passOver;
}

function rate({ connected, connecting, silent, timedOutAt }: Candidate, now: number, passOver: number): number {
  if (connected) return !silent && now - timedOutAt >= passOver ? 3 : 2;
  return connecting ? 1 : 0;
}

const FIRST_MS = 500;
const LONGEST_MS = 5000;

/** The delay before the next start of a process that died `deathsInARow` times shortly after its start. */
export function restartDelayMs(deathsInARow: number): number {
  return Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(deathsInARow, 10));
}

import { percentileOf, sorted } from '../../load/measure/percentiles.ts';

/** The p50 of as many calls as fit into `seconds`. `first` is the number of the first call. */
export async function timesOf(
  ask: (number: number) => Promise<unknown>,
  first: number,
  seconds: number,
): Promise<number> {
  const times: number[] = [];
  const deadline = performance.now() + seconds * 1_000;
  while (times.length === 0 || performance.now() < deadline) {
    const startedAt = performance.now();
    await ask(first + times.length);
    times.push(performance.now() - startedAt);
  }
  return percentileOf(sorted(times), 50);
}

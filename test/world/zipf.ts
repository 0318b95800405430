import type { Random } from './random.ts';

/** Flattens the distribution, so that the first few ranks do not get nearly all draws. */
const FLATTENING = 10;

/** Draws ranks from 0 to `count` - 1 by Zipf's law: the probability falls with the rank. */
export function zipfRanks(count: number): (random: Random) => number {
  const upTo = new Float64Array(count);
  let sum = 0;
  for (let rank = 0; rank < count; rank++) {
    sum += 1 / (rank + FLATTENING);
    upTo[rank] = sum;
  }
  return (random) => firstAbove(upTo, random.fraction() * sum);
}

function firstAbove(sorted: Float64Array, value: number): number {
  let low = 0;
  let high = sorted.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] as number) > value) high = middle;
    else low = middle + 1;
  }
  return low;
}

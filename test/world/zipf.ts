import type { Random } from './random.ts';

/** Keeps the few first from doing nearly everything. */
const FLATTENING = 10;

/** Draws ranks from 0 to `count` - 1, each with a chance that falls with the rank as Zipf's law has it. */
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

/** Returns numbers in [0, 1). */
export type Random = () => number;

export type UserChoice = 'zipf' | 'uniform';

/** Returns a rank, starting with 0. */
export type Choose = () => number;

export function uniform(count: number, random: Random = Math.random): Choose {
  return () => Math.floor(random() * count);
}

/** Zipf's law: the k-th item is chosen 1/k times as often as the first. */
export function zipf(count: number, random: Random = Math.random): Choose {
  const upTo = new Float64Array(count);
  let sum = 0;
  for (let rank = 0; rank < count; rank++) {
    sum += 1 / (rank + 1);
    upTo[rank] = sum;
  }
  return () => firstAbove(upTo, random() * sum);
}

export const chooser = (choice: UserChoice, count: number): Choose =>
  choice === 'zipf' ? zipf(count) : uniform(count);

/** Chooses items with the given weights, e.g. `[['read', 90], ['write', 10]]`. */
export function byShare<T>(shares: readonly (readonly [T, number])[], random: Random = Math.random): () => T {
  let sum = 0;
  const upTo = Float64Array.from(shares, ([, share]) => {
    sum += share;
    return sum;
  });
  return () => (shares[firstAbove(upTo, random() * sum)] as readonly [T, number])[0];
}

function firstAbove(sorted: Float64Array, value: number): number {
  let low = 0;
  let high = sorted.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] as number) > value) high = middle;
    else low = middle + 1;
  }
  return low;
}

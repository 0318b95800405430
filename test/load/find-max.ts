import type { LoadResult } from './load-result.ts';

export interface Step {
  readonly rate: number;
  readonly good: boolean;
}

export const MOST_STEPS = 20;
const HIGHEST_RATE = 20_000;
const P99_LIMIT = 100;
/** The search ends when the lowest bad rate is within this of the highest good one. */
const CLOSE_ENOUGH = 1.1;

/**
 * The next rate to try after `steps`, or undefined when the search is over. Doubles while rates are good, halves while
 * none is good, then bisects. A rate is bad only if it fails twice in a row, because a single failure may be noise.
 */
export function nextRate(first: number, steps: readonly Step[]): number | undefined {
  const last = steps.at(-1);
  if (!last) return first;
  if (steps.length >= MOST_STEPS) return undefined;
  if (!last.good && steps.at(-2)?.rate !== last.rate) return last.rate;
  const bad = lowestBad(steps);
  const good = highestGood(steps);
  if (bad === undefined) return last.rate >= HIGHEST_RATE ? undefined : Math.min(last.rate * 2, HIGHEST_RATE);
  if (good === undefined) return bad > 1 ? Math.floor(bad / 2) : undefined;
  if (bad / good <= CLOSE_ENOUGH || bad - good <= 1) return undefined;
  return Math.round((bad + good) / 2);
}

/** The highest rate that the system sustained. */
export function highestGood(steps: readonly Step[]): number | undefined {
  const bad = lowestBad(steps) ?? Number.POSITIVE_INFINITY;
  const good = steps.filter((step) => step.good && step.rate < bad);
  return good.length > 0 ? Math.max(...good.map(({ rate }) => rate)) : undefined;
}

function lowestBad(steps: readonly Step[]): number | undefined {
  const bad = steps.filter(({ rate, good }, index) => {
    const before = steps[index - 1];
    return !good && before && before.rate === rate && !before.good;
  });
  return bad.length > 0 ? Math.min(...bad.map(({ rate }) => rate)) : undefined;
}

/** The reasons why a rate was bad, or an empty list if it was good. */
export function complaints({ all, errors, routes }: Pick<LoadResult, 'all' | 'errors' | 'routes'>): string[] {
  const kinds = new Set(routes.flatMap((route) => Object.keys(route.errors)));
  return [
    ...(all.p99 > P99_LIMIT ? [`p99 over ${P99_LIMIT} ms`] : []),
    ...(errors > 0 ? [`${errors} errors: ${[...kinds].join(', ')}`] : []),
  ];
}

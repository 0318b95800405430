import type { Query } from './panels.ts';

/** The lines of a histogram's quantiles, by further labels. */
export function quantiles(histogram: string, matchers = '', by: readonly string[] = [], levels = [0.5, 0.99]): Query[] {
  const labels = ['le', ...by].join(', ');
  const name = by.map((label) => `{{${label}}} `).join('');
  return levels.map((level) => [
    `histogram_quantile(${level}, sum by (${labels}) (rate(${histogram}_bucket${matchers}[$__rate_interval])))`,
    `${name}p${level * 100}`,
  ]);
}

/** The rate of a counter per second, by some of its labels. */
export function rate(counter: string, by: readonly string[], matchers = ''): Query {
  const legend = by.map((label) => `{{${label}}}`).join(' ');
  return [`sum by (${by.join(', ')}) (rate(${counter}${matchers}[$__rate_interval]))`, legend];
}

/** Shows 0 while there is nothing to measure, for single numbers. */
export const orZero = (queries: readonly Query[]): Query[] =>
  queries.map(([expression, legend]) => [`(${expression} > 0) or vector(0)`, legend]);

/** What a query shows instead of nothing while there has been none. */
export const orNone = ([expression, legend]: Query): Query[] => [
  [expression, legend],
  [`absent(${expression}) - 1`, 'none'],
];

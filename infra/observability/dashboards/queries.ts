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

/** The mean of what a histogram has observed, for small whole numbers, which its quantiles blur. */
export function mean(histogram: string, by: string, matchers = ''): Query {
  const per = (part: string) => `sum by (${by}) (rate(${histogram}_${part}${matchers}[$__rate_interval]))`;
  return [`${per('sum')} / ${per('count')}`, `{{${by}}}`];
}

/** The rate of a counter per second, by some of its labels. */
export function rate(counter: string, by: readonly string[], matchers = ''): Query {
  const legend = by.map((label) => `{{${label}}}`).join(' ');
  return [`sum by (${by.join(', ')}) (rate(${counter}${matchers}[$__rate_interval]))`, legend];
}

/** The eight highest series of a query that has many. */
export const most = ([expression, legend]: Query): Query[] => [[`topk(8, ${expression})`, legend]];

/** Shows 0 while there is nothing to measure, for single numbers. */
export const orZero = (queries: readonly Query[]): Query[] =>
  queries.map(([expression, legend]) => [`(${expression} > 0) or vector(0)`, legend]);

/** What a query shows instead of nothing while there has been none. */
export const orNone = ([expression, legend]: Query): Query[] => [
  [expression, legend],
  [`absent(${expression}) - 1`, 'none'],
];

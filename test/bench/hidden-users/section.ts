import { type BenchReport, measuredBy, referenceList, table } from '../report.ts';
import { atMost, type Target, targetTable } from '../targets.ts';

export const HIDDEN = 1_000;
/** Followees of each reader. */
export const FOLLOWEES = 500;
export const HIDDEN_SHARES = 10_000;

export const HIDDEN_PAGE = 'page p50, a fifth of the rows hidden';
export const WORST_PAGE = `page behind ${HIDDEN_SHARES.toLocaleString('en')} hidden rows`;

export const HIDDEN_USERS_TARGETS: readonly Target[] = [
  atMost(1.5, `${HIDDEN_PAGE}, against the same for a viewer who sees all`, (of) =>
    of.ratio('hidden-users', HIDDEN_PAGE),
  ),
  atMost(5, WORST_PAGE, (of) => of.median('hidden-users', WORST_PAGE), 'ms'),
];

/** The section for docs/benchmarks.md, or undefined if the run did not measure `hidden-users`. */
export function hiddenUsersSection(report: BenchReport): string | undefined {
  const results = report.results.filter(({ benchmark }) => benchmark === 'hidden-users');
  if (results.length === 0) return undefined;
  return `## Pages for viewers from whom users are hidden

Pages of 50 entries inside the index, for readers with ${FOLLOWEES} followees. From the viewer ${HIDDEN.toLocaleString('en')} users are hidden, whom a
fifth of all rows are about. The last figure is of a followee whose newest ${HIDDEN_SHARES.toLocaleString('en')} shares are all hidden.

${targetTable(results, HIDDEN_USERS_TARGETS)}

${table(results)}

${referenceList(results)}

${measuredBy(report)}
`;
}

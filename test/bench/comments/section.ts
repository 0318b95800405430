import { type BenchReport, measuredBy, referenceList, table } from '../report.ts';
import { atMost, type Target, targetTable } from '../targets.ts';

/** The name of the page's figures. */
export const COMMENTS_PAGE = 'first page of 50 comments';

const LATENCY = `${COMMENTS_PAGE}, p50`;

export const COMMENTS_TARGETS: readonly Target[] = [
  atMost(3, `${LATENCY}, of an object with 10,000`, (of) => of.median('comments', LATENCY), 'ms'),
];

/** The section for docs/benchmarks.md, or undefined if the run did not measure `comments`. */
export function commentsSection(report: BenchReport): string | undefined {
  const results = report.results.filter(({ benchmark }) => benchmark === 'comments');
  if (results.length === 0) return undefined;
  return `## Comments

Readers request the first page of the comments on an object with 10,000 of them at the first level, one request at a
time. Every tenth comment has a reply, and each has three likes.

${targetTable(results, COMMENTS_TARGETS)}

${table(results)}

${referenceList(results)}

${measuredBy(report)}
`;
}

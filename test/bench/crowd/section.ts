import { type BenchReport, measuredBy, referenceList, table } from '../report.ts';
import { atMost, type Target, targetTable } from '../targets.ts';

export const FOLLOWED = 'followees of the reader';
export const PAGE_OF_CROWD = 'the reader’s next page, p50';
export const OTHERS = {
  p50: 'others’ friends pages, p50',
  p99: 'others’ friends pages, p99',
  longest: 'others’ friends pages, max',
} as const;

/** A reader who follows very many users does not delay others. */
export const CROWD_TARGETS: readonly Target[] = [
  atMost(50, OTHERS.p99, (of) => of.median('crowd', OTHERS.p99), 'ms'),
  atMost(250, OTHERS.longest, (of) => of.median('crowd', OTHERS.longest), 'ms'),
];

/** The section for docs/benchmarks.md, or undefined if the run did not measure `crowd`. */
export function crowdSection(report: BenchReport): string | undefined {
  const results = report.results.filter(({ benchmark }) => benchmark === 'crowd');
  if (results.length === 0) return undefined;
  return `## Beside a reader who follows very many users

One reader follows very many users with one activity each, and reads page after page; the first page looks up the
list. At the same time other users read their friends pages at a fixed rate.

${targetTable(results, CROWD_TARGETS)}

${table(results)}

${referenceList(results)}

${measuredBy(report)}
`;
}

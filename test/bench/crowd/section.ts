import { type BenchReport, measuredBy, referenceList, table } from '../report.ts';
import { atMost, type Target, targetTable } from '../targets.ts';

export const FOLLOWED = 'users whom one reader follows';
export const PAGE_OF_CROWD = 'that reader’s page behind a cursor, p50';
export const OTHERS = {
  p50: 'others’ friends pages, p50',
  p99: 'others’ friends pages, p99',
  longest: 'others’ friends pages, the longest',
} as const;

/** That one who follows very many keeps nobody else waiting. */
export const CROWD_TARGETS: readonly Target[] = [
  atMost(50, OTHERS.p99, (of) => of.median('crowd', OTHERS.p99), 'ms'),
  atMost(250, OTHERS.longest, (of) => of.median('crowd', OTHERS.longest), 'ms'),
];

/** What a run measured of `crowd`, for docs/benchmarks.md; undefined when it did not. */
export function crowdSection(report: BenchReport): string | undefined {
  const results = report.results.filter(({ benchmark }) => benchmark === 'crowd');
  if (results.length === 0) return undefined;
  return `## Beside one who follows very many

One reader follows as many users as can be allowed, each of whom did one thing, and reads page after page, from looking up
the list on. Beside it others read their friends pages, each request sent when it is due.

${targetTable(results, CROWD_TARGETS)}

${table(results)}

${referenceList(results)}

${measuredBy(report)}
`;
}

import { type BenchReport, measuredBy, referenceList, table } from '../report.ts';
import { atMost, type Target, targetTable } from '../targets.ts';

/** The pages by the names of their figures. */
export const EXPANDED_PAGES = {
  'friends page of 50': '/feed/friends?limit=50',
  'friends page of 50 groups': '/feed/friends?group=day&limit=50',
  '50 trending objects': '/trending?limit=50',
} as const;

const ENTRIES = 'friends page of 50, p50';

export const EXPANDED_TARGETS: readonly Target[] = [
  atMost(3, `${ENTRIES}, with its objects`, (of) => of.median('expanded-pages', ENTRIES), 'ms'),
];

/** The section for docs/benchmarks.md, or undefined if the run did not measure `expanded-pages`. */
export function expandedPagesSection(report: BenchReport): string | undefined {
  const results = report.results.filter(({ benchmark }) => benchmark === 'expanded-pages');
  if (results.length === 0) return undefined;
  return `## Pages with their objects

Readers from the most to the least popular request first pages with \`expand=objects\` and without it, one at a time.

${targetTable(results, EXPANDED_TARGETS)}

${table(results)}

${referenceList(results)}

${measuredBy(report)}
`;
}

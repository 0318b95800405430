import { type BenchReport, measuredBy, referenceList, table } from '../report.ts';
import { atMost, type Target, targetTable } from '../targets.ts';

export const P50 = '`GET /me`, p50';

const TARGETS: readonly Target[] = [
  atMost(1.1, `${P50} against the friends page’s`, (of) => of.ratio('own-profile', P50)),
];

/** The section for docs/benchmarks.md, or undefined if the run did not measure `own-profile`. */
export function ownProfileSection(report: BenchReport): string | undefined {
  const results = report.results.filter(({ benchmark }) => benchmark === 'own-profile');
  if (results.length === 0) return undefined;
  return `## Own profiles

Readers request \`GET /me\`, one request at a time. The gateway has their profiles in memory.

${targetTable(results, TARGETS)}

${table(results)}

${referenceList(results)}

${measuredBy(report)}
`;
}

import { type BenchReport, measuredBy, referenceList, table } from '../report.ts';
import { atMost, type Target, targetTable } from '../targets.ts';

export const TAKEN_BACK_TARGETS: readonly Target[] = ['50', '5,000'].map((followees) => {
  const figure = `page p50, ${followees} followees in memory`;
  return atMost(1.1, `${figure}, against the same without`, (of) => of.ratio('taken-back', figure));
});

/** The section for docs/benchmarks.md, or undefined if the run did not measure `taken-back`. */
export function takenBackSection(report: BenchReport): string | undefined {
  const results = report.results.filter(({ benchmark }) => benchmark === 'taken-back');
  if (results.length === 0) return undefined;
  return `## Pages after activities were taken back

Pages of 50 entries inside the index, in which one of a hundred activities was taken back.

${targetTable(results, TAKEN_BACK_TARGETS)}

${table(results)}

${referenceList(results)}

${measuredBy(report)}
`;
}

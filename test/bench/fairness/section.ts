import { type BenchReport, measuredBy, referenceList, table } from '../report.ts';
import { atMost, type Target, targetTable } from '../targets.ts';

export const REFUSED = 'refused requests of the user beyond the limit';
export const BESIDE = { p50: 'others’ friends pages, p50', p99: 'others’ friends pages, p99' } as const;

/** A user far beyond the rate limit hardly delays others. */
const TARGETS: readonly Target[] = [
  atMost(1.5, `${BESIDE.p99}, against those without that user`, (of) => of.ratio('fairness', BESIDE.p99)),
];

/** The section for docs/benchmarks.md, or undefined if the run did not measure `fairness`. */
export function fairnessSection(report: BenchReport): string | undefined {
  const results = report.results.filter(({ benchmark }) => benchmark === 'fairness');
  if (results.length === 0) return undefined;
  return `## Beside a user far beyond the rate limit

One user reads friends pages at 20 times the limit. At the same time other users read theirs at a fixed rate. Both come from
one process on the same machine, whose own work for the refused requests is part of the times.

${targetTable(results, TARGETS)}

${table(results)}

${referenceList(results)}

${measuredBy(report)}
`;
}

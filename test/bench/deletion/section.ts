import { type BenchReport, measuredBy, referenceList, table } from '../report.ts';
import { atMost, type Target, targetTable } from '../targets.ts';

/** The reads from which a deleted object disappears. */
export const READS = ['a page', 'its group', 'the counts', 'the trends'] as const;
export type Read = (typeof READS)[number];

export const goneFrom = (read: Read) => `out of ${read}`;
export const MOVED = 'all rows moved';
export const POSTS = 'posts of others, p99';

export const DELETION_TARGETS: readonly Target[] = [
  ...READS.map((read) => atMost(100, goneFrom(read), (of) => of.median('deletion', goneFrom(read)), 'ms')),
  atMost(20, MOVED, (of) => of.median('deletion', MOVED), 's'),
  atMost(2, `${POSTS}, against before`, (of) => of.ratio('deletion', POSTS)),
];

/** The section for docs/benchmarks.md, or undefined if the run did not measure `deletion`. */
export function deletionSection(report: BenchReport): string | undefined {
  const results = report.results.filter(({ benchmark }) => benchmark === 'deletion');
  if (results.length === 0) return undefined;
  return `## Deleting an object with many likes

The owner of a photo with 100,000 likes deletes it, while other users post at a fixed rate. Times count from the answer
until the reads of a follower, and the counts of the owner, lack it, and until no row about it is left among the visible
activities.

${targetTable(results, DELETION_TARGETS)}

${table(results)}

${referenceList(results)}

${measuredBy(report)}
`;
}

import { type BenchReport, measuredBy, referenceList, table } from '../report.ts';
import { atMost, type Target, targetTable } from '../targets.ts';

/** Writes a second of the slow rate. */
export const SLOW = 100;

/** Seconds of writes at saturation before the first measured one. */
export const WARM = 10;

export const IDLE = 'idle, all';
export const WRITE = { slow: `a write at ${SLOW}/s`, fast: 'a write at saturation' } as const;
export const PAGE = `page of bare Fastify at ${SLOW}/s`;

export const COST_TARGETS: readonly Target[] = [
  atMost(70, `CPU of ${WRITE.slow} against bare Fastify’s page`, (of) => of.ratio('cost', WRITE.slow)),
  atMost(22, `CPU of ${WRITE.fast} against bare Fastify’s page`, (of) => of.ratio('cost', WRITE.fast)),
  atMost(60, 'CPU of an idle system', (of) => of.median('cost', IDLE), 'ms/s'),
];

/** The section for docs/benchmarks.md, or undefined if the run did not measure `cost`. */
export function costSection(report: BenchReport): string | undefined {
  const results = report.results.filter(({ benchmark }) => benchmark === 'cost');
  if (results.length === 0) return undefined;
  return `## What a write costs

The CPU time of all services and servers: with nothing to do, at ${SLOW} writes a second, and at as many as 128 connections get
answered. Writes are those of \`npm run load\`: posts, likes, shares, comments, follows, and what takes them back. The cost of a write is what
the processes use beyond idle, divided by the number of writes. Its reference is a page of 50 entries from one bare
Fastify process at saturation. The same page at ${SLOW}/s shows what it costs to wake a process for each request. By process,
the reference is what it uses when it is idle. The load generator is not part of the sums.

The gateway has seen all users before, and ${WARM} s of writes at saturation precede the slow rate, so that the code is compiled: a
service that has run for an hour is measured, not one that has just started.

${targetTable(results, COST_TARGETS)}

${table(results)}

${referenceList(results)}

${measuredBy(report)}
`;
}

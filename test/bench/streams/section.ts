import { type BenchReport, measuredBy, referenceList, table } from '../report.ts';
import { atMost, type Target, targetTable } from '../targets.ts';

/** Users with an open stream whom a write concerns. */
export const FOLLOWERS = 50;
/** Further followees of each of them, who write nothing. */
export const SILENT_FOLLOWEES = 29;

export const MEMORY = 'memory per open stream';
export const IDLE_CPU = 'CPU while all streams are idle';
export const RECEIVED = {
  p50: 'write answered → received, p50',
  p95: 'write answered → received, p95',
  p95Many: 'write answered → received, 200 posts/s, p95',
} as const;

export const STREAMS_TARGETS: readonly Target[] = [
  atMost(20, `${MEMORY}, gateway and feed together`, (of) => of.median('streams', MEMORY), 'KB'),
  atMost(5, `${IDLE_CPU}, beyond that without streams`, (of) => of.difference('streams', IDLE_CPU), '% of a core'),
  atMost(100, RECEIVED.p95, (of) => of.median('streams', RECEIVED.p95), 'ms'),
  atMost(100, RECEIVED.p95Many, (of) => of.median('streams', RECEIVED.p95Many), 'ms'),
];

/** The section for docs/benchmarks.md, or undefined if the run did not measure `streams`. */
export function streamsSection(report: BenchReport): string | undefined {
  const results = report.results.filter(({ benchmark }) => benchmark === 'streams');
  if (results.length === 0) return undefined;
  return `## Streams

10,000 users keep the stream of their friends feed open, all at one gateway and one reader. Each follows one of 200 users who
write, and ${SILENT_FOLLOWEES} who do not. Every round begins with a new gateway and a new reader. Memory is what the anonymous resident
memory (\`RssAnon\`) of the two processes has grown by since before the streams were opened, after 30 s in which they only
got heartbeats; no garbage collection is forced, and the kernel's buffers of the sockets are not part of it. Then
20 posts a second are sent at random times, and 200 a second after that, each of which concerns ${FOLLOWERS} of the streams. The run fails unless each of these receives
each post exactly once, and no other stream receives it.

${targetTable(results, STREAMS_TARGETS)}

${table(results)}

${referenceList(results)}

${measuredBy(report)}
`;
}

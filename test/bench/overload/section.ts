import { type BenchReport, measuredBy, referenceList, table } from '../report.ts';
import { atLeast, atMost, type Target, targetTable } from '../targets.ts';

const TROUBLES = [
  'three times the knee',
  'the write side’s database frozen',
  '2,000 reads with unreachable tokens',
] as const;

/** Name of the figure for the share of a core to which each service was limited; missing without a limit. */
export const HELD_SHARE = 'CPU limit of each service';

/** What must hold during every disturbance, and how soon the system must recover. */
export const OVERLOAD_TARGETS: readonly Target[] = TROUBLES.flatMap((trouble) => {
  const median = (what: string) => {
    const name = `${trouble}: ${what}`;
    return [name, (of) => of.median('overload', name)] as [string, Target['measured']];
  };
  return [
    atMost(5, ...median('time to recover'), 's'),
    atLeast(100, ...median('refused posts that were not recorded'), '%'),
    atLeast(100, ...median('acknowledged posts recorded exactly once'), '%'),
  ];
});

/** The results of `overload` for docs/benchmarks.md; undefined if the run did not include it. */
export function overloadSection(report: BenchReport): string | undefined {
  const results = report.results.filter(({ benchmark }) => benchmark === 'overload');
  if (results.length === 0) return undefined;
  const share = results.flatMap(({ figures }) => figures.find(({ name }) => name === HELD_SHARE)?.ours ?? [])[0];
  const room =
    share === undefined
      ? 'The services share all cores with the load, because they could not be limited here.'
      : `Each service is limited to ${share} of a core, so that the load itself has room.`;
  return `## Under overload

${room}
Half of the requests are posts, half are friends pages. Each is sent when it is due, whether or not earlier ones have
been answered. The rate is half the knee, except where the trouble is the rate itself. A client that has no answer after
5 s gives up. The system has recovered once a whole second, and every later one, has no refusal and a p99 within 500 ms.

${targetTable(results, OVERLOAD_TARGETS)}

${table(results)}

${referenceList(results)}

${measuredBy(report)}
`;
}

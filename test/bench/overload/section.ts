import { type BenchReport, measuredBy, referenceList, table } from '../report.ts';
import { atLeast, atMost, type Target, targetTable } from '../targets.ts';

const TROUBLES = [
  'three times the knee',
  'the write side’s database frozen',
  '2,000 reads with unreachable tokens',
] as const;

/** The figure that is there when each service was held to a share of a core: which. */
export const HELD_SHARE = 'what each service is held to';

/** What stands whatever comes, and how soon all is as before. */
export const OVERLOAD_TARGETS: readonly Target[] = TROUBLES.flatMap((trouble) => {
  const median = (what: string) => {
    const name = `${trouble}: ${what}`;
    return [name, (of) => of.median('overload', name)] as [string, Target['measured']];
  };
  return [
    atMost(5, ...median('until all is as before'), 's'),
    atLeast(100, ...median('refused posts that were not recorded'), '%'),
    atLeast(100, ...median('acknowledged posts that are there once'), '%'),
  ];
});

/** What a run measured of `overload`, for docs/benchmarks.md; undefined when it did not. */
export function overloadSection(report: BenchReport): string | undefined {
  const results = report.results.filter(({ benchmark }) => benchmark === 'overload');
  if (results.length === 0) return undefined;
  const share = results.flatMap(({ figures }) => figures.find(({ name }) => name === HELD_SHARE)?.ours ?? [])[0];
  const room =
    share === undefined
      ? 'The services share all cores with the load: they could not be held to less here.'
      : `Each service is held to ${share} of a core, so that the load itself has room.`;
  return `## Under overload

${room}
Half of the requests are posts, half are friends pages, sent when they are due whatever becomes of those before them: at
half the knee before and after, and during the trouble unless it is the rate itself. A client that has no answer after
5 s gives up. All is as before when a whole second has no refusal and a p99 within 500 ms, and so have all after it.

${targetTable(results, OVERLOAD_TARGETS)}

${table(results)}

${referenceList(results)}

${measuredBy(report)}
`;
}

import type { Edition } from '../../../services/feed/dist/aggregates/edition.js';
import { type BenchReport, measuredBy, referenceList, table } from '../report.ts';
import { targetTable } from '../targets.ts';
import { AGGREGATE_TARGETS } from './targets.ts';

/** The editions in the order of the page. */
export const EDITIONS: readonly Edition[] = ['community', 'apache'];

const NAMES: Record<Edition, string> = { community: 'Community', apache: 'Apache' };
const SECTION = /<!-- aggregates: (\w+) -->\n[\s\S]*?<!-- aggregates end -->\n/g;

/** The section for docs/benchmarks.md, or undefined if the run did not measure `aggregates`. */
export function aggregatesSection(report: BenchReport): string | undefined {
  const { edition, version, postgres, sharedBuffers } = report.timescale;
  const results = report.results.filter(({ benchmark }) => benchmark === 'aggregates');
  if (results.length === 0) return undefined;
  const targets = edition === 'community' ? `${targetTable(results, AGGREGATE_TARGETS)}\n\n` : '';
  return `<!-- aggregates: ${edition} -->
## Aggregate reads, on the ${NAMES[edition]} edition

p50 of sequential requests, without the cache of answers (\`FEED_AGGREGATE_CACHE=0\`). ${ABOUT[edition]} The open hour
grows until it ends and the open day until midnight (UTC), and so does the work of reading them.

${targets}${table(results)}

${referenceList(results)}

TimescaleDB ${version} (${NAMES[edition]} edition), PostgreSQL ${postgres}, \`shared_buffers\` ${sharedBuffers}.
${measuredBy(report)}
<!-- aggregates end -->
`;
}

const ABOUT: Record<Edition, string> = {
  community: 'Closed days and hours come from continuous aggregates, open ones from memory.',
  apache:
    'Aggregates are views here, which aggregate activities at each read: days come from memory, closed hours from stored lists and from a view.',
};

/** The sections of a page, by edition. */
export function sectionsOf(page: string): Map<Edition, string> {
  return new Map(Array.from(page.matchAll(SECTION), ([section, edition]) => [edition as Edition, section]));
}

export const withoutSections = (page: string): string => page.replaceAll(SECTION, '').trimEnd();

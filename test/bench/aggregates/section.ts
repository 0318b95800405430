import type { Edition } from '../../../services/feed/dist/aggregates/edition.js';
import { type BenchReport, measuredBy, referenceList, table } from '../report.ts';
import { targetTable } from '../targets.ts';
import { AGGREGATE_TARGETS } from './targets.ts';

/** In the order of the page. */
export const EDITIONS: readonly Edition[] = ['community', 'apache'];

const NAMES: Record<Edition, string> = { community: 'Community', apache: 'Apache' };
const SECTION = /<!-- aggregates: (\w+) -->\n[\s\S]*?<!-- aggregates end -->\n/g;

/** What a run measured of `aggregates`, for docs/benchmarks.md; undefined when it did not. */
export function aggregatesSection(report: BenchReport): string | undefined {
  const { edition, version, postgres, sharedBuffers } = report.timescale;
  const results = report.results.filter(({ benchmark }) => benchmark === 'aggregates');
  if (results.length === 0) return undefined;
  const targets = edition === 'community' ? `${targetTable(results, AGGREGATE_TARGETS)}\n\n` : '';
  return `<!-- aggregates: ${edition} -->
## Reads that add up, on the ${NAMES[edition]} edition

p50 of one request after the other, nothing being kept (\`FEED_AGGREGATE_CACHE=0\`). ${ABOUT[edition]} The open hour
grows until its end, the open day until midnight (UTC), and what is read of them with them.

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
    'Aggregates are views there, which add up activities at each read: days come from memory, closed hours from kept lists and from a view.',
};

/** The sections of a page, by edition. */
export function sectionsOf(page: string): Map<Edition, string> {
  return new Map(Array.from(page.matchAll(SECTION), ([section, edition]) => [edition as Edition, section]));
}

export const withoutSections = (page: string): string => page.replaceAll(SECTION, '').trimEnd();

import { aggregatesSection, EDITIONS, sectionsOf, withoutSections } from './aggregates/section.ts';
import { type BenchReport, markdown } from './report.ts';

/**
 * docs/benchmarks.md after a run: a run of all writes it anew, another one what it measured of `aggregates` for the
 * edition of its server. What another run measured on the other edition stays.
 */
export function pageAfter(page: string, report: BenchReport, isOfAll: boolean): string {
  const { timescale, results } = report;
  const others = { ...report, results: results.filter(({ benchmark }) => benchmark !== 'aggregates') };
  const sections = sectionsOf(page);
  const section = aggregatesSection(report);
  if (section) sections.set(timescale.edition, section);
  const parts = [isOfAll ? markdown(others).trimEnd() : withoutSections(page)];
  for (const edition of EDITIONS) parts.push(sections.get(edition)?.trimEnd() ?? '');
  return `${parts.filter(Boolean).join('\n\n')}\n`;
}

import { aggregatesSection, EDITIONS, sectionsOf, withoutSections } from './aggregates/section.ts';
import { crowdSection } from './crowd/section.ts';
import { overloadSection } from './overload/section.ts';
import { PageSection } from './page-section.ts';
import { type BenchReport, markdown } from './report.ts';

/** Benchmarks whose figures have a section each. */
const SECTIONS = [
  { name: 'overload', text: overloadSection },
  { name: 'crowd', text: crowdSection },
].map(({ name, text }) => ({ name, text, section: new PageSection(name) }));

/** Those and the one that has more than one. */
const APART = new Set(['aggregates', ...SECTIONS.map(({ name }) => name)]);

/**
 * docs/benchmarks.md after a run: a run of all writes it again, another one what it measured of benchmarks with a section
 * of their own, of `aggregates` for the edition of its server. What another run measured on the other edition stays.
 */
export function pageAfter(page: string, report: BenchReport, isOfAll: boolean): string {
  const { timescale, results } = report;
  const others = { ...report, results: results.filter(({ benchmark }) => !APART.has(benchmark)) };
  const editions = sectionsOf(page);
  const measured = aggregatesSection(report);
  if (measured) editions.set(timescale.edition, measured);
  const named = SECTIONS.map(({ text, section }) => {
    const written = text(report);
    return written === undefined ? section.of(page) : section.around(written);
  });
  const rest = withoutSections(SECTIONS.reduce((left, { section }) => section.without(left), page));
  const parts = [isOfAll ? markdown(others) : rest, ...named, ...EDITIONS.map((edition) => editions.get(edition))];
  return `${parts.flatMap((part) => part?.trimEnd() || []).join('\n\n')}\n`;
}

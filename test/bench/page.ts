import { aggregatesSection, EDITIONS, sectionsOf, withoutSections } from './aggregates/section.ts';
import { overloadSection, overloadSectionOf, withoutOverload } from './overload/section.ts';
import { type BenchReport, markdown } from './report.ts';

/** Benchmarks whose figures have a section of their own. */
const APART = new Set(['aggregates', 'overload']);

/**
 * docs/benchmarks.md after a run: a run of all writes it again, another one what it measured of `overload` and of
 * `aggregates` for the edition of its server. What another run measured on the other edition stays.
 */
export function pageAfter(page: string, report: BenchReport, isOfAll: boolean): string {
  const { timescale, results } = report;
  const others = { ...report, results: results.filter(({ benchmark }) => !APART.has(benchmark)) };
  const sections = sectionsOf(page);
  const section = aggregatesSection(report);
  if (section) sections.set(timescale.edition, section);
  const overload = overloadSection(report) ?? overloadSectionOf(page);
  const parts = [isOfAll ? markdown(others).trimEnd() : withoutSections(withoutOverload(page)), overload?.trimEnd()];
  for (const edition of EDITIONS) parts.push(sections.get(edition)?.trimEnd());
  return `${parts.filter(Boolean).join('\n\n')}\n`;
}

import { aggregatesSection, EDITIONS, sectionsOf, withoutSections } from './aggregates/section.ts';
import { commentsSection } from './comments/section.ts';
import { costSection } from './cost/section.ts';
import { crowdSection } from './crowd/section.ts';
import { deletionSection } from './deletion/section.ts';
import { expandedPagesSection } from './expanded-pages/section.ts';
import { fairnessSection } from './fairness/section.ts';
import { hiddenUsersSection } from './hidden-users/section.ts';
import { notificationsSection } from './notifications/section.ts';
import { overloadSection } from './overload/section.ts';
import { ownProfileSection } from './own-profile/section.ts';
import { PageSection } from './page-section.ts';
import { type BenchReport, markdown } from './report.ts';
import { streamsSection } from './streams/section.ts';
import { takenBackSection } from './taken-back/section.ts';

/** Benchmarks that have one section each. */
const SECTIONS = [
  { name: 'overload', text: overloadSection },
  { name: 'fairness', text: fairnessSection },
  { name: 'crowd', text: crowdSection },
  { name: 'own-profile', text: ownProfileSection },
  { name: 'expanded-pages', text: expandedPagesSection },
  { name: 'comments', text: commentsSection },
  { name: 'taken-back', text: takenBackSection },
  { name: 'hidden-users', text: hiddenUsersSection },
  { name: 'notifications', text: notificationsSection },
  { name: 'deletion', text: deletionSection },
  { name: 'streams', text: streamsSection },
  { name: 'cost', text: costSection },
].map(({ name, text }) => ({ name, text, section: new PageSection(name) }));

/** All benchmarks with sections; aggregates has one per edition. */
const APART = new Set(['aggregates', ...SECTIONS.map(({ name }) => name)]);

/**
 * docs/benchmarks.md after a run. A run of all benchmarks rewrites the page. Other runs replace only the sections that
 * they measured. The section of `aggregates` for another edition is always kept.
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

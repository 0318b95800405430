import { type BenchReport, measuredBy, table } from '../report.ts';
import { atMost, type Target, targetTable } from '../targets.ts';

/** Of how many activities one concerns the user. */
export const SHARE = 10;
/** What the activities about the user are about. */
export const PHOTOS = 200;
/** Groups that the user has not seen. */
export const UNSEEN = 20;

export const NOTIFICATIONS_PAGE = 'page of 50 notifications, p50';
export const NOTIFICATIONS_COUNT = 'count of unseen and unread notifications, p50';

export const NOTIFICATIONS_TARGETS: readonly Target[] = [
  atMost(5, NOTIFICATIONS_PAGE, (of) => of.median('notifications', NOTIFICATIONS_PAGE), 'ms'),
  atMost(3, NOTIFICATIONS_COUNT, (of) => of.median('notifications', NOTIFICATIONS_COUNT), 'ms'),
];

/** The section for docs/benchmarks.md, or undefined if the run did not measure `notifications`. */
export function notificationsSection(report: BenchReport): string | undefined {
  const results = report.results.filter(({ benchmark }) => benchmark === 'notifications');
  if (results.length === 0) return undefined;
  return `## Notifications

Of a user whom one in ${SHARE} activities of a month concerns, a million of ten million: likes of ${PHOTOS} photos by random users, in
this process. It is noon, so the open day has half a day's likes, which every page reads. All but ${UNSEEN} groups are seen and
read.

${targetTable(results, NOTIFICATIONS_TARGETS)}

${table(results)}

${measuredBy(report)}
`;
}

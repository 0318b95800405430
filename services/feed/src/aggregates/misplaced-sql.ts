import { ALL_MOVED } from '../activity/moved-sql';

/**
 * The activities between two times that are still to be moved into `activities` (`sign` 1) or out of it (`sign` -1); their
 * time is `at`. Not for days whose activities have been dropped in part, of which aggregates keep what they counted.
 * `withOwn`: whether activities of objects that are deleted themselves are wanted.
 */
export const misplaced = (columns: string, { from, to }: { from: string; to: string }, withOwn = 'true'): string => `
SELECT ${columns} FROM (SELECT WHERE NOT ${ALL_MOVED}) AS pending
CROSS JOIN LATERAL misplaced_activities(greatest(${from}, complete_from()), ${to}, ${withOwn})`;

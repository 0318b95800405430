import { ENGAGEMENTS } from '@activity-feed/contracts';

/** Whether a row counts for its object. Part of the definition of an aggregate: another text has it built again. */
export const IS_ENGAGEMENT = `verb IN (${ENGAGEMENTS.map(({ verb }) => `'${verb}'`).join(', ')})`;

/** The names of all counts, as a select list. */
export const COUNTS = ENGAGEMENTS.map(({ count }) => count).join(', ');

/** Each count of rows that have a verb and a number of activities. */
export const sumsOfCounts = (type: 'bigint' | 'float8'): string =>
  ENGAGEMENTS.map(
    ({ verb, count }) => `coalesce(sum(activities) FILTER (WHERE verb = '${verb}'), 0)::${type} AS ${count}`,
  ).join(', ');

/** What one activity of a row's verb counts. */
export const POINTS_OF_VERB = `CASE verb ${ENGAGEMENTS.map(({ verb, points }) => `WHEN '${verb}' THEN ${points}`).join(' ')} END`;

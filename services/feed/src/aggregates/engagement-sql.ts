import { ENGAGEMENTS } from '@activity-feed/contracts';

/** Whether a row counts for its object. Part of an aggregate's definition: changing the text rebuilds the aggregate. */
export const IS_ENGAGEMENT = `verb IN (${ENGAGEMENTS.map(({ verb }) => `'${verb}'`).join(', ')})`;

export const COUNTS = ENGAGEMENTS.map(({ count }) => count).join(', ');

/** Sums `activities` by verb into the count columns. */
export const sumsOfCounts = (type: 'bigint' | 'float8'): string =>
  ENGAGEMENTS.map(
    ({ verb, count }) => `coalesce(sum(activities) FILTER (WHERE verb = '${verb}'), 0)::${type} AS ${count}`,
  ).join(', ');

export const POINTS_OF_VERB = `CASE verb ${ENGAGEMENTS.map(({ verb, points }) => `WHEN '${verb}' THEN ${points}`).join(' ')} END`;

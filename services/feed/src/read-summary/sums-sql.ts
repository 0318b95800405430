import { IS_KNOWN_VERB } from '../activity/known-kinds';
import { ALL_MOVED } from '../activity/moved-sql';
import { correctionsOf, noneCorrected } from '../aggregates/corrections-sql';
import { misplaced } from '../aggregates/misplaced-sql';
import { notedBuckets } from '../aggregates/notes-sql';

/*
 * Parts of statements that read sums of closed days. $1 are the actors, $2 and $3 the start of the first day and the end of
 * the last one.
 */

export const OF_ACTORS = 'actor_id = ANY ($1::int[]) AND day >= $2::timestamptz AND day < $3::timestamptz';

/**
 * Relies on the aggregate's index (actor_id, day) by an index-only scan: therefore a noted group is left out together with
 * those of other object types.
 */
export const aggregated = (condition = 'true'): string => `
SELECT day, verb, sum(activities)::float8 AS count FROM actor_activity_daily
WHERE ${OF_ACTORS} AND ${IS_KNOWN_VERB} AND ${condition} GROUP BY 1, 2`;

export const MISPLACED = misplaced("date_trunc('day', at, 'UTC') AS day, actor_id, verb, sign", {
  from: '$2::timestamptz',
  to: '$3::timestamptz',
});

export const NOTED = notedBuckets('noted_groups', 'day, actor_id, verb', OF_ACTORS);
export const WITHOUT_NOTED = '((day, actor_id, verb) IN (SELECT * FROM noted)) IS NOT TRUE';
/** Nothing is to be corrected or to be moved. */
export const NOTHING_RARE = `${noneCorrected(OF_ACTORS)} AND ${ALL_MOVED}`;

/** The groups `noted`, from their activities. `viewer`: further arguments of sums_from_rows. */
export const sumsOfNoted = (viewer = ''): string => `
SELECT found.day, found.verb, activities::float8 AS count
FROM (
  SELECT array_agg(day) AS days, array_agg(actor_id) AS actor_ids, array_agg(verb) AS verbs FROM noted
) AS noted CROSS JOIN LATERAL sums_from_rows(days, actor_ids, verbs${viewer}) AS found WHERE ${IS_KNOWN_VERB}`;

export const correctedSums = (condition = 'true'): string =>
  `${correctionsOf('day, verb, -count(*)::float8 AS count', `${OF_ACTORS} AND ${IS_KNOWN_VERB} AND ${condition}`)} GROUP BY 1, 2`;

/** to_char is applied to the sums only: for each row it would dominate. */
export const sqlDayName = (day: string): string => `to_char(${day} AT TIME ZONE 'UTC', 'YYYY-MM-DD')`;

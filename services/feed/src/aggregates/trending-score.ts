import { TRENDING_WINDOWS, type TrendingWindow } from '@activity-feed/contracts';
import { IS_ENGAGEMENT, POINTS_OF_VERB, sumsOfCounts } from './engagement-sql';

/** An activity's points count half after so many hours. */
const HALF_LIFE: Record<TrendingWindow, number> = { '1h': 1, '24h': 6, '7d': 42 };

/** Weights are whole numbers of millionths, so that a score is the same in whatever order it is added up. */
export const WEIGHT_ONE = 1_000_000;

/** Objects on a list: enough that what is liked in the open hours is seldom to be looked up beyond it. */
export const LIST_LENGTH = 250;

/**
 * By how much a point counts that is 0, 1, … hours old, up to the window's end: hours are counted between starts of
 * hours, so that the open one has the age 0.
 */
export function weightsOf(window: TrendingWindow): number[] {
  return Array.from({ length: TRENDING_WINDOWS[window] + 1 }, (_, age) =>
    Math.round(WEIGHT_ONE * 2 ** (-age / HALF_LIFE[window])),
  );
}

/** Scores rows of hours as they count at $3 by the weights $4 of each age; what is newer counts as if it were of then. */
const scored = (rows: string) => `
SELECT object_type, object_id, min(owner_id) AS owner_id,
       ${sumsOfCounts('bigint')},
       sum(activities * ${POINTS_OF_VERB}
           * ($4::bigint[])[1 + greatest(0, extract(epoch FROM $3::timestamptz - hour)::int / 3600)])::bigint AS score
FROM ${rows} GROUP BY object_type, object_id HAVING min(owner_id) IS NOT NULL`;

/** The best first; equal scores stand in order of type and, newest first, id. */
const BEST = 'ORDER BY score DESC, object_type, object_id DESC LIMIT $6';

/** The best $6 objects between $1 and $2 (starts of hours), of the type $5, or of all for null. */
export const TRENDING_OBJECTS = `${scored(`object_engagement_hourly
WHERE hour >= $1::timestamptz AND hour < $2::timestamptz AND ($5::text IS NULL OR object_type = $5)`)} ${BEST}`;

/** The same of the objects $6 of the type $5. Relies on the aggregate's index (object_type, object_id, hour). */
export const TRENDING_OF_OBJECTS = scored(`object_engagement_hourly
WHERE hour >= $1::timestamptz AND hour < $2::timestamptz AND object_type = $5 AND object_id = ANY ($6::bigint[])`);

/** The best $6 objects with the actors $7 between $1 and $2, of the type $5, or of all for null. */
export const TRENDING_AMONG_ACTORS = `${scored(`(
  SELECT time_bucket('1 hour', time) AS hour, object_type, object_id, verb, count(*) AS activities,
         min(target_id) AS owner_id
  FROM activities
  WHERE actor_id = ANY ($7::int[]) AND time >= $1::timestamptz AND time < $2::timestamptz
    AND ${IS_ENGAGEMENT} AND ($5::text IS NULL OR object_type = $5)
  GROUP BY 1, 2, 3, 4) AS hours`)} ${BEST}`;

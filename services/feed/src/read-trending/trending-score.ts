import { TRENDING_WINDOWS, type TrendingWindow, type Verb } from '@activity-feed/contracts';

/** What an activity counts: who shares an object shows it to others. */
export const POINTS: Partial<Record<Verb, number>> = { like: 1, share: 2 };

/** An activity's points count half after so many hours. */
const HALF_LIFE: Record<TrendingWindow, number> = { '1h': 1, '24h': 6, '7d': 42 };

/** Weights are whole numbers of millionths, so that a score is the same in whatever order it is added up. */
export const WEIGHT_ONE = 1_000_000;

/**
 * By how much a point counts that is 0, 1, … hours old, up to the window's end: hours are counted between starts of
 * hours, so that the open one has the age 0.
 */
export function weightsOf(window: TrendingWindow): number[] {
  return Array.from({ length: TRENDING_WINDOWS[window] + 1 }, (_, age) =>
    Math.round(WEIGHT_ONE * 2 ** (-age / HALF_LIFE[window])),
  );
}

/**
 * The objects that did best between $1 and $2 (starts of hours) as it counts at $3, by the weights $4 of each age; of
 * the type $5, or of all for null. Equal scores stand in order of type and, newest first, id.
 */
export const TRENDING_OBJECTS = `
SELECT object_type, object_id, min(owner_id) AS owner_id,
       coalesce(sum(activities) FILTER (WHERE verb = 'like'), 0)::bigint AS likes,
       coalesce(sum(activities) FILTER (WHERE verb = 'share'), 0)::bigint AS shares,
       sum(activities * CASE verb WHEN 'like' THEN ${POINTS.like} ELSE ${POINTS.share} END
           * ($4::bigint[])[1 + extract(epoch FROM $3::timestamptz - hour)::int / 3600])::bigint AS score
FROM object_engagement_hourly
WHERE hour >= $1::timestamptz AND hour < $2::timestamptz AND ($5::text IS NULL OR object_type = $5)
GROUP BY object_type, object_id ORDER BY score DESC, object_type, object_id DESC LIMIT $LIMIT`;

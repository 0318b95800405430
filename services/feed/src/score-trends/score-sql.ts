import { IS_KNOWN_ENGAGEMENT, IS_KNOWN_TYPE, isInTrends } from '../activity/known-kinds';
import { ALL_MOVED, isDeleted } from '../activity/moved-sql';
import { noneCorrected } from '../aggregates/corrections-sql';
import { IS_ENGAGEMENT, POINTS_OF_VERB, sumsOfCounts } from '../aggregates/engagement-sql';
import { correctedHours, hoursThroughNotes } from '../aggregates/hours-of-objects-sql';
import { noneNoted } from '../aggregates/notes-sql';
import type { ReadOfClosedBuckets } from '../aggregates/read-through-notes';
import { type OwnerParameters, sqlIsHidden } from '../hypertable/hidden-sql';

/** Objects on a list: enough that objects liked in the open hours seldom need a lookup beyond it. */
export const LIST_LENGTH = 250;

/** Scores hourly rows at the hour $3 by the weights $4 of each age. Newer rows have age 0. */
const scored = (rows: string) => `
SELECT object_type, object_id, min(owner_id) AS owner_id,
       ${sumsOfCounts('bigint')},
       sum(activities * ${POINTS_OF_VERB}
           * ($4::bigint[])[1 + greatest(0, extract(epoch FROM $3::timestamptz - hour)::int / 3600)])::bigint AS score
FROM ${rows} GROUP BY object_type, object_id HAVING min(owner_id) IS NOT NULL AND sum(activities) > 0`;

/**
 * Whether an object that a relation has from the time `from` on is not deleted. Where all its activities have been
 * moved, it has no rows, except of days that aggregates keep although their activities were dropped.
 */
export const isShown = (relation: string, from: string): string =>
  `(${ALL_MOVED} AND (SELECT complete_from()) <= ${from} OR NOT ${isDeleted(`${relation}.object_type`, `${relation}.object_id`)})`;

const shown = (rows: string) => `
SELECT * FROM (${scored(rows)}) AS scored WHERE ${isShown('scored', '$1::timestamptz')}`;

/** Best first; equal scores by type, then by id, newest first. */
const BEST = 'ORDER BY score DESC, object_type, object_id DESC LIMIT $6';

const RANGE = { from: '$1::timestamptz', to: '$2::timestamptz' };
const HOURS = `hour >= ${RANGE.from} AND hour < ${RANGE.to}`;
const OF_TYPE = `${HOURS} AND ${isInTrends('$5')}`;
const OF_OBJECTS = `${HOURS} AND object_type = $5 AND object_id = ANY ($6::bigint[])`;

const COLUMNS = ['hour', 'object_type', 'object_id', 'verb', 'activities', 'owner_id'] as const;

/** Nothing if there are notes or corrections, or activities to be moved. */
const unlessNoted = (where: string) =>
  shown(`object_engagement_hourly
WHERE ${where} AND ${IS_KNOWN_ENGAGEMENT} AND ${noneNoted('noted_objects', where)} AND ${noneCorrected(where)} AND ${ALL_MOVED}`);

const throughNotes = (where: string) =>
  shown(`(${hoursThroughNotes({ columns: COLUMNS, where, hours: RANGE })}) AS hours WHERE ${IS_KNOWN_ENGAGEMENT}`);

/**
 * The best $6 objects from $1 to before $2 (starts of hours) of type $5, or if it is null of all types in common trends.
 * `corrected` counts `activities`, deleted objects too.
 */
export const TRENDING_OBJECTS = {
  corrected: `${scored(`(${correctedHours({ columns: COLUMNS, where: OF_TYPE })}) AS hours WHERE ${IS_KNOWN_ENGAGEMENT}`)} ${BEST}`,
  plain: `${unlessNoted(OF_TYPE)} ${BEST}`,
  noted: `${throughNotes(OF_TYPE)} ${BEST}`,
};

/** The same for the objects $6 of type $5. Relies on the aggregate's index (object_type, object_id, hour). */
export const TRENDING_OF_OBJECTS = { plain: unlessNoted(OF_OBJECTS), noted: throughNotes(OF_OBJECTS) };

/** {@link TRENDING_OBJECTS} without objects of hidden owners, and without comments on those objects. */
export function trendingOfOthers(hidden: OwnerParameters): ReadOfClosedBuckets {
  const isOfOthers = `NOT ${sqlIsHidden('owner_id', hidden)} AND (object_type <> 'comment' OR NOT EXISTS (
    SELECT FROM activities AS added WHERE added.comment_id = found.object_id AND ${sqlIsHidden('added.target_id', hidden)}))`;
  const filtered = (sql: string) => `SELECT * FROM (${sql}) AS found WHERE ${isOfOthers} ${BEST}`;
  return { plain: filtered(unlessNoted(OF_TYPE)), noted: filtered(throughNotes(OF_TYPE)) };
}

const amongActors = (relation: string, condition: string) =>
  `${scored(`(
  SELECT time_bucket('1 hour', time) AS hour, object_type, object_id, verb, count(*) AS activities,
         min(target_id) AS owner_id
  FROM ${relation}
  WHERE actor_id = ANY ($7::int[]) AND time >= $1::timestamptz AND time < $2::timestamptz
    AND ${IS_ENGAGEMENT} AND ${IS_KNOWN_TYPE} AND ${isInTrends('$5')} AND ${condition}
  GROUP BY 1, 2, 3, 4) AS hours`)} ${BEST}`;

/**
 * The same as {@link TRENDING_OBJECTS}, counting only what the actors $7 did, and of that only rows that meet a condition.
 * From activities alone, which need no notes.
 */
export const trendingAmongActors = (condition: string): ReadOfClosedBuckets => ({
  plain: amongActors('activities', `${ALL_MOVED} AND ${condition}`),
  noted: amongActors('visible_activities', condition),
});

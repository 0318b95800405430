import { correctionsOf } from './corrections-sql';
import { IS_ENGAGEMENT } from './engagement-sql';
import { misplaced } from './misplaced-sql';
import { notedBuckets } from './notes-sql';

/** Rows of object_engagement_hourly that meet a condition on hour, object_type and object_id. */
export interface HoursOfObjects {
  columns: readonly HourColumn[];
  where: string;
  /** The range of hours, as expressions: `to` is exclusive. */
  hours: { from: string; to: string };
}

type HourColumn = 'hour' | 'object_type' | 'object_id' | 'verb' | 'activities' | 'owner_id';

/** The columns of a correction, a row that takes one activity away. */
const CORRECTION: Partial<Record<HourColumn, string>> = { activities: '-1::bigint', owner_id: 'NULL::int' };

export const aggregatedHours = ({ columns, where }: Pick<HoursOfObjects, 'columns' | 'where'>): string =>
  `SELECT ${columns.join(', ')} FROM object_engagement_hourly WHERE ${where}`;

const corrections = ({ columns, where }: Pick<HoursOfObjects, 'columns' | 'where'>): string =>
  correctionsOf(columns.map((column) => CORRECTION[column] ?? column).join(', '), where);

/** All from the aggregate, corrected. */
export const correctedHours = (hours: Pick<HoursOfObjects, 'columns' | 'where'>): string =>
  `${aggregatedHours(hours)} UNION ALL ${corrections(hours)}`;

/** Rows that add the activities that are still to be moved, or take them away; those of deleted objects are omitted. */
const misplacedHours = ({ columns, where, hours }: HoursOfObjects): string => `
SELECT ${columns.join(', ')} FROM (${misplaced(MISPLACED_COLUMNS, hours, 'false')}) AS misplaced
WHERE ${where} AND ${IS_ENGAGEMENT}`;

const MISPLACED_COLUMNS = `
date_trunc('hour', at, 'UTC') AS hour, object_type, object_id, verb, sign::bigint AS activities,
CASE WHEN sign > 0 THEN target_id END AS owner_id`;

/**
 * Noted hours of objects from their activities, all others from the aggregate, corrected, and as if everything were moved.
 * Of an object that is deleted itself, activities may be among them.
 */
export function hoursThroughNotes({ columns, where, hours }: HoursOfObjects): string {
  const noted = notedBuckets('noted_objects', 'hour, object_type, object_id', where);
  return `
${aggregatedHours({ columns, where })} AND ((hour, object_type, object_id) IN (${noted})) IS NOT TRUE
UNION ALL
${corrections({ columns, where })}
UNION ALL
${misplacedHours({ columns, where, hours })}
UNION ALL
SELECT ${columns.join(', ')}
FROM (
  SELECT array_agg(hour) AS hours, array_agg(object_type) AS object_types, array_agg(object_id) AS object_ids
  FROM (${noted}) AS noted
) AS noted CROSS JOIN LATERAL engagement_from_rows(hours, object_types, object_ids) WHERE ${IS_ENGAGEMENT}`;
}

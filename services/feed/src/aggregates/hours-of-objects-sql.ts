import { correctionsOf } from './corrections-sql';
import { IS_ENGAGEMENT } from './engagement-sql';
import { notedBuckets } from './notes-sql';

/** Rows of object_engagement_hourly that meet a condition on hour, object_type and object_id. */
export interface HoursOfObjects {
  columns: readonly HourColumn[];
  where: string;
}

type HourColumn = 'hour' | 'object_type' | 'object_id' | 'verb' | 'activities' | 'owner_id';

/** The columns of a correction, a row that takes one activity away. */
const CORRECTION: Partial<Record<HourColumn, string>> = { activities: '-1::bigint', owner_id: 'NULL::int' };

export const aggregatedHours = ({ columns, where }: HoursOfObjects): string =>
  `SELECT ${columns.join(', ')} FROM object_engagement_hourly WHERE ${where}`;

const corrections = ({ columns, where }: HoursOfObjects): string =>
  correctionsOf(columns.map((column) => CORRECTION[column] ?? column).join(', '), where);

/** All from the aggregate, corrected. */
export const correctedHours = (hours: HoursOfObjects): string =>
  `${aggregatedHours(hours)} UNION ALL ${corrections(hours)}`;

/** Noted hours of objects from their activities, all others from the aggregate, corrected. */
export function hoursThroughNotes({ columns, where }: HoursOfObjects): string {
  const noted = notedBuckets('noted_objects', 'hour, object_type, object_id', where);
  return `
${aggregatedHours({ columns, where })} AND ((hour, object_type, object_id) IN (${noted})) IS NOT TRUE
UNION ALL
${corrections({ columns, where })}
UNION ALL
SELECT ${columns.join(', ')}
FROM (
  SELECT array_agg(hour) AS hours, array_agg(object_type) AS object_types, array_agg(object_id) AS object_ids
  FROM (${noted}) AS noted
) AS noted CROSS JOIN LATERAL engagement_from_rows(hours, object_types, object_ids) WHERE ${IS_ENGAGEMENT}`;
}

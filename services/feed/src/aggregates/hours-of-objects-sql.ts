import { IS_ENGAGEMENT } from './engagement-sql';
import { notedBuckets } from './notes-sql';

/** Rows of object_engagement_hourly that meet a condition on hour, object_type and object_id. */
export interface HoursOfObjects {
  columns: string;
  where: string;
}

export const aggregatedHours = ({ columns, where }: HoursOfObjects): string =>
  `SELECT ${columns} FROM object_engagement_hourly WHERE ${where}`;

/** Noted hours of objects from their activities, all others from the aggregate. */
export function hoursThroughNotes({ columns, where }: HoursOfObjects): string {
  const noted = notedBuckets('noted_objects', 'hour, object_type, object_id', where);
  return `
${aggregatedHours({ columns, where })} AND ((hour, object_type, object_id) IN (${noted})) IS NOT TRUE
UNION ALL
SELECT ${columns}
FROM (
  SELECT array_agg(hour) AS hours, array_agg(object_type) AS object_types, array_agg(object_id) AS object_ids
  FROM (${noted}) AS noted
) AS noted CROSS JOIN LATERAL engagement_from_rows(hours, object_types, object_ids) WHERE ${IS_ENGAGEMENT}`;
}

import type { Verb } from '@activity-feed/contracts';
import type { Pool } from 'pg';
import { IS_KNOWN_VERB } from '../activity/known-kinds';
import type { TimeRange } from '../aggregates/time-range';
import type { IdArray } from '../hypertable/id-array';

/** Relies on the aggregate's index (actor_id, day). to_char is applied to the sums only: for each row it would dominate. */
const SUMS = `
SELECT to_char(day AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS day, verb, count
FROM (
  SELECT day, verb, sum(activities)::float8 AS count FROM actor_activity_daily
  WHERE actor_id = ANY ($1::int[]) AND day >= $2::timestamptz AND day < $3::timestamptz AND ${IS_KNOWN_VERB}
  GROUP BY 1, 2
) AS sums`;

export interface DaySum {
  day: string;
  verb: Verb;
  count: number;
}

/** `from` and `to` are starts of days. */
export interface ClosedSumsRequest extends TimeRange {
  actors: IdArray;
}

export async function readClosedSums(pool: Pool, { actors, from, to }: ClosedSumsRequest): Promise<DaySum[]> {
  if (actors.length === 0 || to <= from) return [];
  return (await pool.query<DaySum>(SUMS, [actors.parameter, new Date(from), new Date(to)])).rows;
}

import type { ClientBase } from 'pg';
import { BUCKET_LENGTH } from '../aggregates/aggregate-time';

/** Hours of one day to which something was written late. */
export interface LateDay {
  /** Its start, milliseconds since 1970. */
  day: number;
  /** From the first hour to the end of the last. */
  from: number;
  to: number;
  /** When the first of them was noted. */
  since: number;
  ids: string[];
}

const LATE = `
SELECT (extract(epoch FROM date_trunc('day', hour, 'UTC')) * 1000)::float8 AS day,
       (extract(epoch FROM min(hour)) * 1000)::float8 AS from,
       (extract(epoch FROM max(hour)) * 1000)::float8 + $1 AS to,
       (extract(epoch FROM min(noted_at)) * 1000)::float8 AS since,
       array_agg(id::text) AS ids
FROM late_activities GROUP BY 1 ORDER BY 1 DESC`;

/** What has been noted, the latest day first. */
export async function readLateDays(client: ClientBase): Promise<LateDay[]> {
  return (await client.query<LateDay>(LATE, [BUCKET_LENGTH.hour])).rows;
}

/** Forgets all notes: a view shows everything at once. */
export async function forgetAllLate(client: ClientBase): Promise<void> {
  await client.query('DELETE FROM late_activities');
}

/** Forgets notes of which the aggregates now show what they are about. */
export async function forgetLate(client: ClientBase, { ids }: LateDay): Promise<void> {
  await client.query('DELETE FROM late_activities WHERE id = ANY ($1::bigint[])', [ids]);
}

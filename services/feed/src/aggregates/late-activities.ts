import type { ClientBase } from 'pg';
import { BUCKET_LENGTH, bucketStart } from './aggregate-time';

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

/** Milliseconds that late events of the last days wait for company, and those of older ones. */
const PATIENCE = { recent: 4_000, older: 30_000 };
const RECENT_DAYS = 3;

/** Whether a late day has waited long enough at `now`, milliseconds since 1970. */
export const isDue = (late: LateDay, now: number): boolean =>
  now - late.since >= (isRecent(late, now) ? PATIENCE.recent : PATIENCE.older);

/** Whether it is of today or one of the last days before. */
export const isRecent = ({ day }: LateDay, now: number): boolean =>
  day >= bucketStart('day', now) - RECENT_DAYS * BUCKET_LENGTH.day;

/** What has been noted, the latest day first. */
export async function readLateDays(client: ClientBase): Promise<LateDay[]> {
  return (await client.query<LateDay>(LATE, [BUCKET_LENGTH.hour])).rows;
}

/** Forgets notes of which the aggregates now show what they are about. */
export async function forgetLate(client: ClientBase, { ids }: LateDay): Promise<void> {
  await client.query('DELETE FROM late_activities WHERE id = ANY ($1::bigint[])', [ids]);
}

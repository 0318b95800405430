import { type Milliseconds, sqlMilliseconds } from '@activity-feed/contracts';
import type { ClientBase } from 'pg';
import { BUCKET_LENGTH, bucketStart } from './aggregate-time';

/** The range of hours of one day that received late activities. */
export interface LateDay {
  day: Milliseconds;
  from: Milliseconds;
  to: Milliseconds;
  /** When the first note was written. */
  since: Milliseconds;
  ids: string[];
}

const LATE = `
SELECT ${sqlMilliseconds("date_trunc('day', hour, 'UTC')")} AS day,
       ${sqlMilliseconds('min(hour)')} AS from,
       ${sqlMilliseconds('max(hour)')} + $1 AS to,
       ${sqlMilliseconds('min(noted_at)')} AS since,
       array_agg(id::text) AS ids
FROM late_activities GROUP BY 1 ORDER BY 1 DESC`;

/** How long to wait for more late activities of the same day before refreshing it. */
const DELAY: Record<'recent' | 'older', Milliseconds> = { recent: 4_000, older: 30_000 };
const RECENT_DAYS = 3;

/** Whether a late day has waited long enough at `now`. */
export const isDue = (late: LateDay, now: Milliseconds): boolean =>
  now - late.since >= (isRecent(late, now) ? DELAY.recent : DELAY.older);

export const isRecent = ({ day }: LateDay, now: Milliseconds): boolean =>
  day >= bucketStart('day', now) - RECENT_DAYS * BUCKET_LENGTH.day;

/** All notes by day, latest day first. */
export async function readLateDays(client: ClientBase): Promise<LateDay[]> {
  return (await client.query<LateDay>(LATE, [BUCKET_LENGTH.hour])).rows;
}

export async function forgetLate(client: ClientBase, { ids }: LateDay): Promise<void> {
  await client.query('DELETE FROM late_activities WHERE id = ANY ($1::bigint[])', [ids]);
}

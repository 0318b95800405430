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

const LATE = {
  name: 'read-late-days',
  text: `
SELECT ${sqlMilliseconds("date_trunc('day', hour, 'UTC')")} AS day,
       ${sqlMilliseconds('min(hour)')} AS from,
       ${sqlMilliseconds('max(hour)')} + $1 AS to,
       ${sqlMilliseconds('min(noted_at)')} AS since,
       array_agg(id::text) AS ids
FROM late_activities GROUP BY 1 ORDER BY 1 DESC`,
};

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

/** Notes that were committed before a refresh, by id. */
export interface SeenNotes {
  hours: string[];
  groups: string[];
  objects: string[];
}

const SEEN = `
SELECT (SELECT coalesce(array_agg(id::text), '{}') FROM noted_groups WHERE day = $1) AS groups,
       (SELECT coalesce(array_agg(id::text), '{}') FROM noted_objects WHERE hour >= $2 AND hour < $3) AS objects`;

/** All notes that a refresh of the late day, begun after this, makes superfluous. */
export async function readSeenNotes(client: ClientBase, { day, from, to, ids }: LateDay): Promise<SeenNotes> {
  const values = [day, from, to].map((time) => new Date(time));
  const { rows } = await client.query<Omit<SeenNotes, 'hours'>>(SEEN, values);
  return { groups: [], objects: [], ...rows[0], hours: ids };
}

/** One statement: a group's note without that of its hour would stay for ever. */
const FORGET = `
WITH groups AS (DELETE FROM noted_groups WHERE id = ANY ($2::bigint[])),
     objects AS (DELETE FROM noted_objects WHERE id = ANY ($3::bigint[]))
DELETE FROM late_activities WHERE id = ANY ($1::bigint[])`;

/**
 * Deletes notes, once a refresh that began after they were read is committed. Only these: the row of a note that was
 * committed later may be missing in the aggregates, and reads take it from the row as long as the note exists.
 */
export async function forgetNotes(client: ClientBase, { hours, groups, objects }: SeenNotes): Promise<void> {
  await client.query(FORGET, [hours, groups, objects]);
}

const COMPLETE = `
INSERT INTO late_activities (hour)
SELECT day FROM noted_groups WHERE NOT EXISTS (
  SELECT FROM late_activities WHERE hour >= day AND hour < day + interval '24 hours')
UNION
SELECT hour FROM noted_objects WHERE NOT EXISTS (SELECT FROM late_activities AS late WHERE late.hour = noted_objects.hour)`;

/** Notes the hours of groups and objects again: an earlier version of the refresher deletes only the notes of hours. */
export async function completeNotes(client: ClientBase): Promise<void> {
  await client.query(COMPLETE);
}

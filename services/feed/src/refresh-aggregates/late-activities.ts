import type { ClientBase } from 'pg';
import { BUCKET_LENGTH, bucketStart } from '../aggregates/aggregate-time';

/** Rows are only ever added, so that projections never wait for one another. */
const NOTE = {
  name: 'note-late-activities',
  text: 'INSERT INTO late_activities (hour) SELECT unnest($1::timestamptz[])',
};

/**
 * Notes, in the transaction that writes activities, to which closed hours they were written: a continuous aggregate
 * shows them when these are refreshed. `times` are of the events, `now` is milliseconds since 1970.
 */
export async function noteLateActivities(tx: ClientBase, times: Iterable<string>, now: number): Promise<void> {
  const hours = closedHours(times, now);
  if (hours.length > 0) await tx.query(NOTE, [hours]);
}

/** Event times are all written alike, so that their beginnings name their hours and compare as they do. */
export function closedHours(times: Iterable<string>, now: number): string[] {
  const open = new Date(bucketStart('hour', now)).toISOString().slice(0, HOUR_LENGTH);
  const hours = new Set<string>();
  for (const time of times) if (time < open) hours.add(`${time.slice(0, HOUR_LENGTH)}:00:00+00:00`);
  return [...hours];
}

const HOUR_LENGTH = '2019-02-10T12'.length;

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

/** Forgets notes of which the aggregates now show what they are about. */
export async function forgetLate(client: ClientBase, { ids }: LateDay): Promise<void> {
  await client.query('DELETE FROM late_activities WHERE id = ANY ($1::bigint[])', [ids]);
}

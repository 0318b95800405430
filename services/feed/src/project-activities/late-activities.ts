import type { Milliseconds } from '@activity-feed/contracts';
import type { ClientBase } from 'pg';
import type { Effects } from '../activity/effects';
import { bucketStart } from '../aggregates/aggregate-time';

/** Only inserts rows, so that concurrent projections never wait for each other. */
const NOTE = {
  name: 'note-late-activities',
  text: 'INSERT INTO late_activities (hour, noted_at) SELECT unnest($1::timestamptz[]), $2',
};

/**
 * Notes the closed hours of activities for the refresher. Must run in the transaction that writes the activities, after
 * the write.
 */
export async function noteLateActivities(
  tx: ClientBase,
  effects: readonly Effects[],
  now: Milliseconds,
): Promise<void> {
  const hours = closedHours(
    effects.flatMap(({ activity }) => activity?.time ?? []),
    now,
  );
  if (hours.length > 0) await tx.query(NOTE, [hours, new Date(now)]);
}

/** The starts of the closed hours of `times`. Event times have a fixed format, so their prefixes compare like times. */
export function closedHours(times: readonly string[], now: Milliseconds): string[] {
  const open = new Date(bucketStart('hour', now)).toISOString().slice(0, HOUR_LENGTH);
  const hours = new Set<string>();
  for (const time of times) if (time < open) hours.add(`${time.slice(0, HOUR_LENGTH)}:00:00+00:00`);
  return [...hours];
}

const HOUR_LENGTH = '2019-02-10T12'.length;

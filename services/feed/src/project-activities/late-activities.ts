import type { ClientBase } from 'pg';
import type { Effects } from '../activity/effects';
import { bucketStart } from '../aggregates/aggregate-time';

/** Rows are only ever added, so that projections never wait for one another. */
const NOTE = {
  name: 'note-late-activities',
  text: 'INSERT INTO late_activities (hour, noted_at) SELECT unnest($1::timestamptz[]), $2',
};

/**
 * Notes, in the transaction that writes activities and after it has written them, to which closed hours they were
 * written: a continuous aggregate shows them when these are refreshed. `now` is milliseconds since 1970.
 */
export async function noteLateActivities(tx: ClientBase, effects: readonly Effects[], now: number): Promise<void> {
  const hours = closedHours(
    effects.flatMap(({ activity }) => activity?.time ?? []),
    now,
  );
  if (hours.length > 0) await tx.query(NOTE, [hours, new Date(now)]);
}

/** The starts of closed hours among `times`: event times are all written alike, so that their beginnings compare. */
export function closedHours(times: readonly string[], now: number): string[] {
  const open = new Date(bucketStart('hour', now)).toISOString().slice(0, HOUR_LENGTH);
  const hours = new Set<string>();
  for (const time of times) if (time < open) hours.add(`${time.slice(0, HOUR_LENGTH)}:00:00+00:00`);
  return [...hours];
}

const HOUR_LENGTH = '2019-02-10T12'.length;

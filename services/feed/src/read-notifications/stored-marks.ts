import { decodeLogPosition, LOG_START, type LogPosition, Marks, NO_MARKS, type UserId } from '@activity-feed/contracts';
import type { Pool } from 'pg';
import type { ReadMarks } from './notification-groups';

/** Relies on the primary key of notification_marks. */
const MARKS = {
  name: 'read-notification-marks',
  text: 'SELECT marks FROM notification_marks WHERE user_id = $1',
};

export async function readMarks(pool: Pool, user: UserId): Promise<Marks> {
  const { rows } = await pool.query<{ marks: unknown }>(MARKS, [user]);
  return rows[0] ? Marks.parse(rows[0].marks) : NO_MARKS;
}

export const toReadMarks = ({ seen, read, groups }: Marks): ReadMarks => ({
  seen: seen === null ? undefined : toPosition(seen),
  read: read === null ? undefined : toPosition(read),
  readOf: new Map(groups.map(({ group, until }) => [group, toPosition(until)])),
});

/** Without the offsets, if they are of another generation of the log. */
const toPosition = (text: string): LogPosition => decodeLogPosition(text) ?? LOG_START;

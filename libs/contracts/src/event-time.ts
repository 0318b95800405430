import { z } from 'zod';

const FORMAT = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3})(\d{3})\+00:00$/;

/** RFC 3339 with microseconds in UTC, `2019-02-10T12:01:30.894037+00:00`: text, since a `Date` ends at milliseconds. */
export const EventTime = z
  .string()
  .refine(isEventTime, 'not a time like 2019-02-10T12:01:30.894037+00:00')
  .brand<'EventTime'>();
export type EventTime = z.infer<typeof EventTime>;

/** A time beyond this has five digits in its year. */
export const MAX_MICROSECONDS = 253_402_300_799_999_999n;

/** Microseconds since 1970 of `time`. */
export function toMicroseconds(time: EventTime): bigint {
  const [, milliseconds, rest] = FORMAT.exec(time) as RegExpExecArray;
  return BigInt(Date.parse(`${milliseconds}Z`)) * 1000n + BigInt(rest as string);
}

/** The inverse of {@link toMicroseconds}, from 1970 to 9999. */
export function fromMicroseconds(microseconds: bigint): EventTime {
  const milliseconds = new Date(Number(microseconds / 1000n)).toISOString().slice(0, -1);
  return `${milliseconds}${String(microseconds % 1000n).padStart(3, '0')}+00:00` as EventTime;
}

/** The SQL that writes a `timestamptz` expression as an {@link EventTime}. */
export const sqlEventTime = (expression: string) =>
  `to_char((${expression}) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"')`;

function isEventTime(text: string): boolean {
  const match = FORMAT.exec(text);
  if (!match) return false;
  const parsed = Date.parse(`${match[1]}Z`);
  return !Number.isNaN(parsed) && new Date(parsed).toISOString() === `${match[1]}Z`;
}

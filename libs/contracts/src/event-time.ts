import { z } from 'zod';
import type { Microseconds } from './time-units';

const FORMAT = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3})(\d{3})\+00:00$/;

/** RFC 3339 in UTC with microseconds, `2019-02-10T12:01:30.894037+00:00`. Text: a `Date` has only milliseconds. */
export const EventTime = z
  .string()
  .refine(isEventTime, 'not a time like 2019-02-10T12:01:30.894037+00:00')
  .brand<'EventTime'>();
export type EventTime = z.infer<typeof EventTime>;

/** The last microsecond of the year 9999; years have four digits. */
export const MAX_MICROSECONDS = 253_402_300_799_999_999n;

export const toMicroseconds = (time: EventTime): Microseconds => Number(toExactMicroseconds(time)) as Microseconds;

/** Exact in every year. */
export function toExactMicroseconds(time: EventTime): bigint {
  const [, milliseconds, rest] = FORMAT.exec(time) as RegExpExecArray;
  return BigInt(Date.parse(`${milliseconds}Z`)) * 1000n + BigInt(rest as string);
}

/** The inverse, from 1970 to 9999. */
export function fromMicroseconds(microseconds: Microseconds | bigint): EventTime {
  const exact = BigInt(microseconds);
  const milliseconds = new Date(Number(exact / 1000n)).toISOString().slice(0, -1);
  return `${milliseconds}${String(exact % 1000n).padStart(3, '0')}+00:00` as EventTime;
}

/** SQL that formats a `timestamptz` expression as an {@link EventTime}. */
export const sqlEventTime = (expression: string) =>
  `to_char((${expression}) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"')`;

/** Checks digits only: this runs for every event, and creating a `Date` would take longer than the rest of decoding. */
function isEventTime(text: string): boolean {
  if (!FORMAT.test(text)) return false;
  const part = (from: number, to: number) => Number(text.slice(from, to));
  const [year, month, day] = [part(0, 4), part(5, 7), part(8, 10)];
  if (month < 1 || month > 12 || day < 1 || day > daysIn(month, year)) return false;
  return part(11, 13) < 24 && part(14, 16) < 60 && part(17, 19) < 60;
}

function daysIn(month: number, year: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

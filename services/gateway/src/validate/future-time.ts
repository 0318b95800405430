import { type ErrorCode, type EventTime, fromMicroseconds, MAX_MICROSECONDS } from '@activity-feed/contracts';
import { z } from 'zod';
import { ApiError } from '../error-answers/api-error';
import { code } from './parse';

const toMicroseconds = (text: string) => BigInt(Date.parse(text)) * 1_000n;

/** A time of RFC 3339 up to the year 9999 in UTC, as an EventTime in whole milliseconds. */
export const timeInBody = (error: ErrorCode) =>
  z.iso
    .datetime({ offset: true, error: code(error) })
    .refine(isWritable, code(error))
    .transform((text) => fromMicroseconds(toMicroseconds(text)));

/** Also called with texts that are no times. */
const isWritable = (text: string) => Date.parse(text) >= 0 && toMicroseconds(text) <= MAX_MICROSECONDS;

/** Throws ApiError if `time` is not in the future. Not part of the schema: repeats of a request may come later. */
export function assertInFuture(time: EventTime | null, error: ErrorCode): void {
  if (time !== null && Date.parse(time) <= Date.now()) throw new ApiError(error);
}

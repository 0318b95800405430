import { type ErrorCode, fromMicroseconds, MAX_MICROSECONDS } from '@activity-feed/contracts';
import { z } from 'zod';
import { code } from './parse';

const toMicroseconds = (text: string) => BigInt(Date.parse(text)) * 1_000n;

/** A time of RFC 3339 in the future, up to the year 9999 in UTC, as an EventTime in whole milliseconds. */
export const futureTime = (error: ErrorCode) =>
  z.iso
    .datetime({ offset: true, error: code(error) })
    .refine((text) => Date.parse(text) > Date.now() && toMicroseconds(text) <= MAX_MICROSECONDS, code(error))
    .transform((text) => fromMicroseconds(toMicroseconds(text)));

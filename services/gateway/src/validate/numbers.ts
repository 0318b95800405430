import type { ErrorCode } from '@activity-feed/contracts';
import { z } from 'zod';
import { code } from './parse';

/** A number from 1 to `max` (of at most three digits) in a query, without sign, point or exponent. */
export const wholeNumber = (max: number, error: ErrorCode) =>
  z
    .string(code(error))
    .regex(/^\d{1,3}$/, code(error))
    .transform(Number)
    .pipe(z.int(code(error)).min(1, code(error)).max(max, code(error)));

import type { ErrorCode } from '@activity-feed/contracts';
import { z } from 'zod';
import { code } from './parse';

/** An integer query parameter from 1 to `max`, which is at most 999: digits only. */
export const wholeNumber = (max: number, error: ErrorCode) =>
  z
    .string(code(error))
    .regex(/^\d{1,3}$/, code(error))
    .transform(Number)
    .pipe(z.int(code(error)).min(1, code(error)).max(max, code(error)));

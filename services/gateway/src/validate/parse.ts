import type { ErrorCode } from '@activity-feed/contracts';
import type { z } from 'zod';
import { ApiError } from '../error-answers/api-error';

/** The code of the catalogue as the text of a schema's error. */
export const code = (errorCode: ErrorCode): ErrorCode => errorCode;

/**
 * Reads what a request brings by a schema whose error texts are codes of the catalogue; the first field that is wrong,
 * in the schema's order, names the error.
 */
export function parse<Schema extends z.ZodType>(schema: Schema, input: unknown): z.infer<Schema> {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  throw new ApiError(result.error.issues[0]?.message as ErrorCode);
}

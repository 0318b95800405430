import type { ErrorCode } from '@activity-feed/contracts';
import type { z } from 'zod';
import { ApiError } from '../error-answers/api-error';

/** A typed error code, for use as the error text of a schema. */
export const code = (errorCode: ErrorCode): ErrorCode => errorCode;

/**
 * Validates `input` by a schema whose error texts are error codes. The first invalid field, in the schema's order,
 * determines the code of the ApiError.
 */
export function parse<Schema extends z.ZodType>(schema: Schema, input: unknown): z.infer<Schema> {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  throw new ApiError(result.error.issues[0]?.message as ErrorCode);
}

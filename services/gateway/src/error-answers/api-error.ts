import { ERRORS, type ErrorCode } from '@activity-feed/contracts';

/** Ends a request with an error of the catalogue. */
export class ApiError extends Error {
  constructor(
    readonly code: ErrorCode,
    /** Headers of the answer. */
    readonly headers: Record<string, string> = {},
    options?: ErrorOptions,
  ) {
    super(ERRORS[code], options);
  }
}

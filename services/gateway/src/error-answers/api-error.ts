import { ERRORS, type ErrorCode } from '@activity-feed/contracts';

interface ApiErrorOptions extends ErrorOptions {
  /** What was wrong, where the code alone does not say it; callers read it. */
  reason?: string;
}

/** Ends a request with an error of the catalogue. */
export class ApiError extends Error {
  readonly reason: string | undefined;

  constructor(
    readonly code: ErrorCode,
    /** Headers of the answer. */
    readonly headers: Record<string, string> = {},
    { reason, ...options }: ApiErrorOptions = {},
  ) {
    super(ERRORS[code].text, options);
    this.reason = reason;
  }
}

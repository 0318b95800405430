import { ERRORS, type ErrorCode } from '@activity-feed/contracts';

interface ApiErrorOptions extends ErrorOptions {
  /** Details for the client if the code is not specific enough. */
  reason?: string;
}

/** An error of the API, thrown to end a request. */
export class ApiError extends Error {
  readonly reason: string | undefined;

  constructor(
    readonly code: ErrorCode,
    /** Additional headers of the answer. */
    readonly headers: Record<string, string> = {},
    { reason, ...options }: ApiErrorOptions = {},
  ) {
    super(ERRORS[code].text, options);
    this.reason = reason;
  }
}

import type { ErrorCode } from '@activity-feed/contracts';

/** The HTTP status of each error that is not a 400. */
const STATUSES: Partial<Record<ErrorCode, number>> = {
  KEY_INVALID: 401,
  NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  REQUEST_TIMEOUT: 408,
  FOLLOW_LIMIT_REACHED: 409,
  NAME_TAKEN: 409,
  REQUEST_TOO_LARGE: 413,
  URL_TOO_LONG: 414,
  CHARSET_UNSUPPORTED: 415,
  ENCODING_UNSUPPORTED: 415,
  EXPECTATION_FAILED: 417,
  HEAD_TOO_LARGE: 431,
  CONNECTION_BUSY: 503,
  SERVICE_UNAVAILABLE: 503,
  INTERNAL: 500,
};

/** What the framework's own refusals mean in the API. */
const CODES: Record<number, ErrorCode> = {
  400: 'BAD_REQUEST',
  404: 'NOT_FOUND',
  405: 'METHOD_NOT_ALLOWED',
  413: 'REQUEST_TOO_LARGE',
  415: 'JSON_REQUIRED',
};

/** The HTTP status of `code` as the answer to `method`. */
export function statusOf(code: ErrorCode, method: string): number {
  // A URL that names it leads nowhere; a body that names it is wrong.
  if (code === 'OBJECT_NOT_FOUND' && method !== 'POST') return 404;
  return STATUSES[code] ?? 400;
}

/** The error that a status of the framework's stands for; INTERNAL for one that nobody foresaw. */
export const codeOf = (status: number): ErrorCode => CODES[status] ?? (status < 500 ? 'BAD_REQUEST' : 'INTERNAL');

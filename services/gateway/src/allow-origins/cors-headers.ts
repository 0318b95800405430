/** Origins whose pages may call the API, or `*` for all; undefined for none. */
export type AllowedOrigins = readonly string[] | undefined;

/** Headers of answers that a page may read beside those that every page may. */
const EXPOSED = [
  'Consistency-Token',
  'Feed-Freshness',
  'Idempotent-Replayed',
  'RateLimit',
  'RateLimit-Policy',
  'Retry-After',
  'X-Request-Id',
].join(', ');

/** Headers that a page may send. The admin key is not for browsers. */
const ALLOWED = [
  'Consistency-Token',
  'Content-Type',
  'Idempotency-Key',
  'Last-Event-ID',
  'traceparent',
  'X-App-Key',
].join(', ');

/** Seconds; browsers keep the answer to a preflight for two hours at most. */
const MAX_AGE = 7_200;

/** Of an answer to a page of `origin`. https://fetch.spec.whatwg.org/#http-cors-protocol */
export function corsHeaders(allowed: AllowedOrigins, origin: string | undefined): Record<string, string> {
  if (!allowed) return {};
  const all = allowed.includes('*');
  // An answer that depends on the origin must not be reused for another one.
  const vary: Record<string, string> = all ? {} : { vary: 'Origin' };
  if (origin === undefined || !(all || allowed.includes(origin))) return vary;
  return { ...vary, 'access-control-allow-origin': all ? '*' : origin, 'access-control-expose-headers': EXPOSED };
}

/** Added to the answer to the preflight of an allowed origin. */
export const PREFLIGHT_HEADERS = {
  'access-control-allow-methods': 'GET, HEAD, POST, PUT, PATCH, DELETE',
  'access-control-allow-headers': ALLOWED,
  'access-control-max-age': String(MAX_AGE),
} as const;

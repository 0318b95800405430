import { CONTENT_MAX_LENGTH, ERRORS, type ErrorCode } from '@activity-feed/contracts';
import { CONNECTION_LIMITS, FIELDS_MAX, HEAD_MAX_LENGTH } from '../connections/connection-limits';
import { IN_FLIGHT_MAX } from '../connections/limit-pipelining';
import { BODY_LIMIT } from '../read-body/read-json';

/** Errors that a request to any route can get, each with its cause. */
export const EVERYWHERE: Partial<Record<ErrorCode, string>> = {
  NOT_FOUND: 'the path does not exist',
  METHOD_NOT_ALLOWED: 'the path does not have this method; `Allow` lists its methods',
  REQUEST_TIMEOUT: `the request was not complete within ${CONNECTION_LIMITS.requestTimeout / 1_000} s of its first byte`,
  URL_TOO_LONG: `the URL has ${HEAD_MAX_LENGTH} characters or more`,
  HEAD_TOO_LARGE:
    `URL and header fields have ${HEAD_MAX_LENGTH} characters or more together, or there are more than ${FIELDS_MAX} ` +
    'fields; also for a URL of twice that length or more, which the gateway cannot tell from long fields',
  EXPECTATION_FAILED: '`Expect` has something other than `100-continue`',
  CONNECTION_BUSY: `${IN_FLIGHT_MAX} other requests of the connection are unanswered; retry after \`Retry-After\` seconds`,
};

const rows = Object.entries(EVERYWHERE).map(([code, when]) => {
  const { status, text } = ERRORS[code as ErrorCode];
  return `| ${status} | \`${code}\` | ${text} | ${when} |`;
});

/** The part of the document that applies to all routes, as Markdown. */
export const DESCRIPTION = `Records posts, comments, likes, shares and follows, and returns them as feeds. All times are UTC with microseconds.

Every answer carries \`X-Request-Id\`, and every error has the body described as \`Error\`. What a key opens must not be
stored: \`Cache-Control: private, no-store\`. Pages of other origins can call the API if its operator allows them (CORS), without cookies.

## Requests

A body is uncompressed JSON in UTF-8 of at most ${BODY_LIMIT} bytes, which is enough for ${CONTENT_MAX_LENGTH} escaped
characters of content. The body of a DELETE request is ignored. A request without exactly one valid \`Host\` header is answered with \`BAD_REQUEST\`, and so is
anything that is not HTTP. Besides the errors of its route, any request can get these:

| status | code | message | when |
|---|---|---|---|
${rows.join('\n')}

## Repeated requests

With an \`Idempotency-Key\` ([draft](https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/)), a POST, PATCH or
DELETE of a user may be repeated after a 503, a timeout or a lost connection: it is recorded at most once. Every repeat within 24 hours
gets the answer to the first, with \`Idempotent-Replayed: true\`. The key is any text of 1 to 255 printable ASCII characters, for instance
a UUID, and is taken as it stands. It is known per user, method and route. Errors are not kept: the next request with the key is carried
out. Another path, query or body with the same key is refused with \`IDEMPOTENCY_KEY_REUSED\`. A request whose first one is
still in progress waits for it, and is refused with \`IDEMPOTENCY_KEY_IN_USE\` and \`Retry-After\` if that takes too long.

What shows a state, not what the request did, is as it is now: the profile that \`PATCH /me\` returns, and the counts of notifications.
A new key is shown only once: its repeats have no \`auth_token\`. \`POST /tickets\`, PUT requests and those with the admin key ignore
the header.

## Rate limits

Reads, writes and aggregates (grouped feeds, summaries, trends) of a user are limited, for all keys together; requests with the
admin key or a refused key are limited by address. A request beyond the limit is answered with 429 \`RATE_LIMITED\` and changes nothing.
Its headers are \`Retry-After\`, and by [the IETF's draft](https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/)
\`RateLimit\`, for example \`"reads";r=0;t=1\`: nothing remains for 1 s, and \`RateLimit-Policy\`, for example
\`"reads";q=200;w=2\`: 200 requests in 2 s.

## Errors in the HTTP

After an error in the HTTP itself the gateway closes the connection. It closes the connection without a further answer if
it answered a request before its body, and the body then does not arrive in time or cannot be parsed.
`;

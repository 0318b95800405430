import { CONTENT_MAX_LENGTH, ERRORS, type ErrorCode } from '@activity-feed/contracts';
import { CONNECTION_LIMITS, FIELDS_MAX, HEAD_MAX_LENGTH } from '../connections/connection-limits';
import { IN_FLIGHT_MAX } from '../connections/limit-pipelining';
import { BODY_LIMIT } from '../read-body/read-json';

/** The errors that any request can meet, whatever its route, and what each one is about. */
export const EVERYWHERE: Partial<Record<ErrorCode, string>> = {
  NOT_FOUND: 'the path does not exist',
  METHOD_NOT_ALLOWED: 'the path exists, the method does not; `Allow` has those that do',
  REQUEST_TIMEOUT: `the request did not arrive whole within ${CONNECTION_LIMITS.requestTimeout / 1_000} s of its first byte`,
  URL_TOO_LONG: `the URL has ${HEAD_MAX_LENGTH} characters or more`,
  HEAD_TOO_LARGE:
    `URL and header fields have ${HEAD_MAX_LENGTH} characters or more together, or there are more than ${FIELDS_MAX} ` +
    'fields; also for a URL that is twice as long and longer, where the gateway cannot tell',
  EXPECTATION_FAILED: '`Expect` has something other than `100-continue`',
  CONNECTION_BUSY: `the connection has ${IN_FLIGHT_MAX} other requests without an answer; \`Retry-After\` says when to try again`,
};

const rows = Object.entries(EVERYWHERE).map(([code, when]) => {
  const { status, text } = ERRORS[code as ErrorCode];
  return `| ${status} | \`${code}\` | ${text} | ${when} |`;
});

/** What holds for all routes, as Markdown. */
export const DESCRIPTION = `Posts, likes, shares and follows in; feeds out. All times are UTC with microseconds.

Every answer carries \`X-Request-Id\`, and every error the body described as \`Error\`.

## Requests

A body is JSON in UTF-8, not compressed, of ${BODY_LIMIT} bytes at most: enough for ${CONTENT_MAX_LENGTH} characters of
content with each of them escaped. A request has one valid \`Host\` header, else it is a \`BAD_REQUEST\`, as whatever is
not HTTP. Besides the errors of its route, any request can meet these:

| status | code | message | when |
|---|---|---|---|
${rows.join('\n')}

After an error in the HTTP itself the connection is closed. It is closed without an answer where there is none to give:
when a request was answered before its body, and the body does not arrive in time or is not readable.
`;

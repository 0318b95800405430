import { isUtf8 } from 'node:buffer';
import { CONTENT_MAX_LENGTH } from '@activity-feed/contracts';
import type { FastifyInstance } from 'fastify';
import { ApiError } from '../error-answers/api-error';

/** Bytes of one code point in ASCII-only JSON: an escaped surrogate pair such as `\ud83d\ude00`. */
const ESCAPED_CODE_POINT = 12;
/** Bytes for the rest of a body: other fields and indentation. */
const OTHER_FIELDS = 8 * 1024;
/** Maximum bytes of a body; enough for the longest content in its longest encoding. */
export const BODY_LIMIT = CONTENT_MAX_LENGTH * ESCAPED_CODE_POINT + OTHER_FIELDS;

/**
 * Parses JSON bodies and refuses invalid UTF-8. Fastify's own parser would replace invalid bytes with U+FFFD, and the
 * replaced text would be recorded. The body of a DELETE request has no meaning and is ignored, regardless of its type.
 */
export function readJson(fastify: FastifyInstance): void {
  const parse = fastify.getDefaultJsonParser('error', 'error');
  fastify.addContentTypeParser<Buffer>('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    if (request.method === 'DELETE') return done(null);
    if (request.idempotencyKey !== null) request.rawBody = body;
    if (isUtf8(body)) return parse(request, body.toString('utf8'), done);
    done(new ApiError('BAD_REQUEST', {}, { reason: 'the body must be UTF-8' }));
  });
  fastify.addContentTypeParser('*', { parseAs: 'buffer' }, (request, _body, done) => {
    done(request.method === 'DELETE' ? null : new ApiError('JSON_REQUIRED'));
  });
}

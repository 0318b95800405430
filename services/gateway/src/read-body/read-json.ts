import { isUtf8 } from 'node:buffer';
import { CONTENT_MAX_LENGTH } from '@activity-feed/contracts';
import type { FastifyInstance } from 'fastify';
import { ApiError } from '../error-answers/api-error';

/** Bytes of one code point as JSON encoders that write ASCII alone escape it: a pair such as `\ud83d\ude00`. */
const ESCAPED_CODE_POINT = 12;
/** Bytes for everything in a body besides the content: names and values of other fields, indentation. */
const OTHER_FIELDS = 8 * 1024;
/** Bytes of a body, enough for the longest content in its longest spelling. */
export const BODY_LIMIT = CONTENT_MAX_LENGTH * ESCAPED_CODE_POINT + OTHER_FIELDS;

/**
 * Reads JSON bodies, whose bytes must be UTF-8: Fastify's own parser would take U+FFFD for each byte that is not, and
 * the text would be recorded like that.
 */
export function readJson(fastify: FastifyInstance): void {
  const parse = fastify.getDefaultJsonParser('error', 'error');
  fastify.addContentTypeParser<Buffer>('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    if (isUtf8(body)) return parse(request, body.toString('utf8'), done);
    done(new ApiError('BAD_REQUEST', {}, { reason: 'the body must be UTF-8' }));
  });
}

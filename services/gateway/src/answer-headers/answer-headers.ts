import type { FastifyInstance } from 'fastify';
import { COMMON_HEADERS } from './common-headers';
import { PAGE_HEADERS } from './page-headers';

const PAGES = '/docs';

/** Adds the headers that do not depend on the answer. Must be called before adding hooks that may refuse a request. */
export function addHeaders(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id);
    reply.headers(request.url.startsWith(PAGES) ? PAGE_HEADERS : COMMON_HEADERS);
    done();
  });
}

import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type AllowedOrigins, corsHeaders, PREFLIGHT_HEADERS } from './cors-headers';

/**
 * Lets pages of other origins call the API, without cookies. Must be called before adding hooks that may refuse a request: a page
 * can read an error only with these headers.
 *
 * Not by a plugin of Fastify: it adds its hooks after all others, and a route for all paths, which takes the place of
 * NOT_FOUND and METHOD_NOT_ALLOWED.
 */
export function allowOrigins(fastify: FastifyInstance, allowed: AllowedOrigins): void {
  if (!allowed) return;
  fastify.addHook('onRequest', (request, reply, done) => {
    reply.headers(corsHeaders(allowed, request.headers.origin));
    done();
  });
}

/** Answers preflights. Must be called before adding the hook that checks keys: a preflight has none. */
export function answerPreflights(fastify: FastifyInstance, allowed: AllowedOrigins): void {
  if (!allowed) return;
  fastify.addHook('onRequest', (request, reply, done) => {
    if (!isPreflight(request)) return done();
    if (reply.hasHeader('access-control-allow-origin')) reply.headers(PREFLIGHT_HEADERS);
    reply.code(204).send();
  });
}

const isPreflight = ({ method, headers }: FastifyRequest) =>
  method === 'OPTIONS' && headers.origin !== undefined && headers['access-control-request-method'] !== undefined;

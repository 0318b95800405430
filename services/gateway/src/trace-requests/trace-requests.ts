import { beginTrace, endSpan, isTracing, SpanKind, within } from '@activity-feed/hosting';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type RequestScope, scopeOf } from './request-scope';

/**
 * Lets log lines and messages to services know the request that they belong to, and records a span of each request. Must be called
 * before hooks that wait are added. Pages of feeds come from memory mostly: they get a scope only when something else is needed.
 */
export function traceRequests(fastify: FastifyInstance): void {
  fastify.decorateRequest('scope', null);
  fastify.addHook('onRequest', (request, reply, done) => {
    if (isPage(request) && !isTracing()) return done();
    const scope = scopeOf(request);
    begin(scope, request);
    if (hasBody(request)) noteBody(scope, request);
    // Also emitted when the client disconnects; Fastify's onResponse is not.
    reply.raw.once('close', () => end(scope, reply));
    within(scope, done);
  });
  // The body's end is an event of the connection, which belongs to no request.
  fastify.addHook('preHandler', (request, _reply, done) => {
    if (request.scope) within(request.scope, done);
    else done();
  });
}

const isPage = ({ method, url }: FastifyRequest) =>
  method === 'GET' && url.startsWith('/feed/') && !url.includes('expand');

const hasBody = ({ method }: FastifyRequest) => method !== 'GET' && method !== 'HEAD';

/** Notes how long the body is waited for, once it is read. */
function noteBody(scope: RequestScope, { raw }: FastifyRequest): void {
  raw.once('resume', () => {
    const since = performance.now();
    raw.once('end', () => scope.noteWait('body', since));
  });
}

function begin(scope: RequestScope, request: FastifyRequest): void {
  const { url: route, config } = request.routeOptions;
  // Health checks are many, and a stream lasts for hours.
  if (!isTracing() || config.access === 'public' || config.isStream) return;
  const attributes = { 'http.request.method': request.method, ...(route && { 'http.route': route }) };
  const name = route ? `${request.method} ${route}` : request.method;
  scope.span = beginTrace(name, request.headers.traceparent, { kind: SpanKind.SERVER, attributes });
}

function end(scope: RequestScope, reply: FastifyReply): void {
  scope.isOver = true;
  if (!scope.span) return;
  const { statusCode } = reply;
  const isAnswered = reply.raw.writableFinished;
  if (isAnswered) scope.span.setAttribute('http.response.status_code', statusCode);
  endSpan(scope.span, isAnswered && statusCode >= 500 ? String(statusCode) : undefined);
}

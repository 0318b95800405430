import type { Logger } from '@activity-feed/hosting';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { scopeOf } from '../trace-requests/request-scope';
import { observeAbort, observeDuration } from './request-durations';

/** Milliseconds; a slower request is always logged. */
const SLOW = 1_000;

export interface RequestLogOptions {
  logger: Logger;
  /** One in this many successful reads is logged; 0 logs none. */
  sample: number;
  /** Milliseconds, for tests. */
  slow?: number;
  /** Random number in [0, 1). */
  draw?(): number;
}

/**
 * Logs every write, every read that is slow (other than a stream) or has a server error, and a sample of the other reads. The sample is
 * random, because a counter would always pick the same request of a client that repeats a sequence of requests. Lines
 * contain the route, not the URL. All answers, and requests without one, are counted in the metrics. Must be called before adding hooks that may refuse a request.
 */
export function logRequests(
  fastify: FastifyInstance,
  { logger, sample, slow = SLOW, draw = Math.random }: RequestLogOptions,
): void {
  const share = sample === 0 ? 0 : 1 / sample;
  const isNotable = (reply: FastifyReply) =>
    (reply.statusCode >= 500 && !reply.request.isExcess) ||
    (reply.elapsedTime >= slow && !reply.request.routeOptions.config.isStream);
  const log = (request: FastifyRequest, reply: FastifyReply) => {
    const [line, text] = lineOf(request, reply);
    if (isNotable(reply)) logger.warn({ ...line, took: request.scope?.took }, text);
    else logger.info(line, text);
  };

  fastify.addHook('onRequest', (request, reply, done) => {
    // `close` also follows when the client disconnects early: its write may still be recorded.
    if (!request.routeOptions.config.isStream)
      reply.raw.once('close', () => {
        if (!reply.raw.writableFinished) observeAbort(request);
        // The first are logged in total, and both are counted in the metrics.
        if (!isRead(request) && !request.isShed && !request.isOverLimit) log(request, reply);
      });
    done();
  });
  // Most requests are reads that are not logged.
  fastify.addHook('onResponse', (request, reply, done) => {
    observeDuration(request, reply);
    if (isRead(request) && (isNotable(reply) || draw() < share)) log(request, reply);
    if (request.scope) request.scope.isOver = true;
    done();
  });
}

const isRead = ({ method }: FastifyRequest) => method === 'GET' || method === 'HEAD';

function lineOf(request: FastifyRequest, reply: FastifyReply): [object, string] {
  const answered = reply.raw.writableFinished;
  const line = {
    ...scopeOf(request).ids,
    method: request.method,
    route: request.routeOptions.url,
    status: answered ? reply.statusCode : undefined,
    ms: Math.round(reply.elapsedTime * 1_000) / 1_000,
  };
  return [line, answered ? 'request answered' : 'client disconnected before the answer'];
}

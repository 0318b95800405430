import type { Logger } from '@activity-feed/hosting';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** Milliseconds from which on a request always has a line. */
const SLOW = 1_000;

export interface RequestLogOptions {
  logger: Logger;
  /** One of so many reads that went well has a line; 0 for none of them. */
  sample: number;
  /** Milliseconds, for tests. */
  slow?: number;
  /** A number from 0 to below 1, by chance. */
  draw?(): number;
}

/**
 * Writes a line for each write, and for each read that failed on our side or took long; of other reads for some. By
 * chance and not by count: clients that ask for several things in turn would else show the same one each time.
 * Lines name the route and neither what stands in its place in the URL nor the query. Call it before any other hook that
 * may refuse a request.
 */
export function logRequests(
  fastify: FastifyInstance,
  { logger, sample, slow = SLOW, draw = Math.random }: RequestLogOptions,
): void {
  const share = sample === 0 ? 0 : 1 / sample;
  const isNotable = (reply: FastifyReply) =>
    (reply.statusCode >= 500 && !reply.request.isExcess) || reply.elapsedTime >= slow;
  const log = (request: FastifyRequest, reply: FastifyReply) =>
    logger[isNotable(reply) ? 'warn' : 'info'](...lineOf(request, reply));

  fastify.addHook('onRequest', (request, reply, done) => {
    // When all is over, also if the client hung up before: what it asked for may be recorded.
    if (!isRead(request)) reply.raw.once('close', () => log(request, reply));
    done();
  });
  // Most of the requests are reads that have no line: nothing may be made for them.
  fastify.addHook('onResponse', (request, reply, done) => {
    if (isRead(request) && (isNotable(reply) || draw() < share)) log(request, reply);
    done();
  });
}

const isRead = ({ method }: FastifyRequest) => method === 'GET' || method === 'HEAD';

function lineOf(request: FastifyRequest, reply: FastifyReply): [object, string] {
  const answered = reply.raw.writableFinished;
  const line = {
    request_id: request.id,
    method: request.method,
    route: request.routeOptions.url,
    status: answered ? reply.statusCode : undefined,
    ms: Math.round(reply.elapsedTime * 1_000) / 1_000,
  };
  return [line, answered ? 'request answered' : 'client disconnected before the answer'];
}

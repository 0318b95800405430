import { statusOf } from '@activity-feed/contracts';
import type { Logger } from '@activity-feed/hosting';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { errorAnswer } from './error-answers/error-answer';
import { retryAfter } from './error-answers/retry-after';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set if the request was refused to shed load, which is logged in total. */
    isShed?: boolean;
  }
  interface FastifyContextConfig {
    /** Whether the answer continues until one side ends it. Such requests have their own limit. */
    isStream?: boolean;
  }
}

/** Milliseconds that a request may visibly have waited to be read: longer than any pause. */
const MOST_WAIT = 1_000;
/** With at least this many open requests for a resource, the gateway serves only clients that are still connected. */
const BUSY = 64;

const REFUSAL = JSON.stringify(errorAnswer('SERVICE_UNAVAILABLE'));

export interface SheddingLimits {
  /** Maximum requests in progress for each resource. */
  mostOpen: number;
  mostWait?: number;
}

/**
 * Refuses requests that the gateway cannot answer in time, at once and with little work. Otherwise the queue would grow
 * until every request is answered after its client has given up.
 *
 * - Requests beyond `mostOpen`. They are counted per resource (the first segment of a route), so that while one service
 *   does not answer, routes that need only the others still work.
 * - Requests that have waited too long in their socket. Their time of arrival is unknown, but all requests that are
 *   read in one turn of the event loop had arrived when the turn began.
 * - Requests from clients that have disconnected, when the gateway is busy. The end of a connection is read in the turn
 *   after its last request.
 *
 * A request is counted once its key is checked and its body has arrived, so neither unauthenticated nor slow clients
 * use up what others need. Streams are not counted. Routes that need no key, such as the health probes, are always answered.
 */
export function shedLoad(
  fastify: FastifyInstance,
  logger: Logger,
  { mostOpen, mostWait = MOST_WAIT }: SheddingLimits,
): void {
  let turnBegan: number | undefined;
  let refused = 0;
  const open = new Map<string, number>();

  const beginTurn = () => {
    turnBegan = performance.now();
    setImmediate(() => {
      turnBegan = undefined;
      // One line for all of them: they are not logged individually.
      if (refused > 0)
        logger.warn(
          { refused, open: Object.fromEntries(open) },
          'more requests arrive than can be answered; refused the excess',
        );
      refused = 0;
    });
  };
  const refuse = (request: FastifyRequest, reply: FastifyReply) => {
    request.isExcess = true;
    request.isShed = true;
    reply
      .code(statusOf('SERVICE_UNAVAILABLE'))
      .header('retry-after', retryAfter())
      .header('content-type', 'application/json; charset=utf-8')
      .send(REFUSAL);
  };
  const isFull = (resource: string) => (open.get(resource) ?? 0) >= mostOpen;

  fastify.addHook('onRequest', (request, reply, done) => {
    if (turnBegan === undefined) beginTurn();
    if (isPublic(request)) return done();
    if (performance.now() - (turnBegan as number) <= mostWait && !isFull(resourceOf(request))) return done();
    refused++;
    refuse(request, reply);
  });
  fastify.addHook('preHandler', (request, reply, done) => {
    if (isPublic(request) || request.routeOptions.config.isStream) return done();
    const resource = resourceOf(request);
    const count = open.get(resource) ?? 0;
    open.set(resource, count + 1);
    // Also emitted when the client disconnects; Fastify's onResponse is not.
    reply.raw.once('close', () => open.set(resource, (open.get(resource) ?? 0) - 1));
    if (count < BUSY) return done();
    afterNextTurn(() => {
      // Requests that are read next wait for the work that begins here.
      if (turnBegan === undefined) beginTurn();
      if (request.raw.socket.writable) done();
      else refuse(request, reply);
    });
  });
}

const isPublic = ({ routeOptions }: FastifyRequest) => routeOptions.config.access === 'public';

/** `feed` of `/feed/friends`; empty for a request without a route. */
const resourceOf = ({ routeOptions: { url = '' } }: FastifyRequest): string => url.split('/', 2)[1] ?? '';

/** Calls `then` after the event loop has polled all connections once more. */
const afterNextTurn = (then: () => void) => setImmediate(() => setImmediate(then));

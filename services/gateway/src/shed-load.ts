import { statusOf } from '@activity-feed/contracts';
import type { Logger } from '@activity-feed/hosting';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { errorAnswer } from './error-answers/error-answer';
import { retryAfter } from './error-answers/retry-after';

/** Milliseconds that a request may have waited to be read, as far as that is visible: longer than any pause. */
const MOST_WAIT = 1_000;
/** With this many open reads or writes, the gateway checks whether a client is still connected before it serves it. */
const BUSY = 64;

const REFUSAL = JSON.stringify(errorAnswer('SERVICE_UNAVAILABLE'));

export interface SheddingLimits {
  /** Maximum reads in progress, and maximum writes in progress. */
  mostOpen: number;
  mostWait?: number;
}

/**
 * Refuses requests that the gateway cannot answer in time, at once and with little work. Otherwise the queue would grow
 * until every request is answered after its client has given up.
 *
 * - Requests beyond `mostOpen`. Writes are counted separately, so that reads are answered while writes are blocked.
 * - Requests that have waited in their socket. Their time of arrival is unknown, but all requests that are read in one
 *   turn of the event loop had arrived when the turn began.
 * - Requests of clients that have disconnected, when the gateway is busy. The end of a connection is read in the turn
 *   after its last request.
 *
 * Routes that need no key, such as the health probes, are always answered.
 */
export function shedLoad(
  fastify: FastifyInstance,
  logger: Logger,
  { mostOpen, mostWait = MOST_WAIT }: SheddingLimits,
): void {
  let turnBegan: number | undefined;
  let refused = 0;
  const open = { reads: 0, writes: 0 };

  const beginTurn = () => {
    turnBegan = performance.now();
    setImmediate(() => {
      turnBegan = undefined;
      // One line for all of them: they are not logged individually.
      if (refused > 0) logger.warn({ refused, open }, 'more requests arrive than can be answered; refused the excess');
      refused = 0;
    });
  };
  const refuse = (request: FastifyRequest, reply: FastifyReply) => {
    if (turnBegan === undefined) beginTurn();
    refused++;
    request.isExcess = true;
    reply
      .code(statusOf('SERVICE_UNAVAILABLE'))
      .header('retry-after', retryAfter())
      .header('content-type', 'application/json; charset=utf-8')
      .send(REFUSAL);
  };

  fastify.addHook('onRequest', (request, reply, done) => {
    if (turnBegan === undefined) beginTurn();
    if (request.routeOptions.config.access === 'public') return done();
    const kind = request.method === 'GET' || request.method === 'HEAD' ? 'reads' : 'writes';
    const hasWaited = performance.now() - (turnBegan as number) > mostWait;
    if (hasWaited || open[kind] >= mostOpen) return refuse(request, reply);
    open[kind]++;
    // Also emitted when the client disconnects; Fastify's onResponse is not.
    reply.raw.once('close', () => {
      open[kind]--;
    });
    if (open[kind] < BUSY) return done();
    afterNextTurn(() => (request.raw.socket.writable ? done() : refuse(request, reply)));
  });
}

/** Calls `then` after the event loop has polled all connections once more. */
const afterNextTurn = (then: () => void) => setImmediate(() => setImmediate(then));

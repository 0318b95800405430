import { statusOf } from '@activity-feed/contracts';
import type { Logger } from '@activity-feed/hosting';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { errorAnswer } from './error-answers/error-answer';
import { retryAfter } from './error-answers/retry-after';

/** Milliseconds that a request may have waited to be read, as far as that is visible: longer than any pause. */
const MOST_WAIT = 1_000;
/** Open reads or writes from which on the gateway checks whether a client is still there before it serves the request. */
const BUSY = 64;

const REFUSAL = JSON.stringify(errorAnswer('SERVICE_UNAVAILABLE'));

export interface SheddingLimits {
  /** Reads that may be under way at a time, and writes likewise. */
  mostOpen: number;
  mostWait?: number;
}

/**
 * Refuses at once, and with little work, what the gateway cannot answer in time. Otherwise the requests that wait would
 * become more and more, until each is answered after its client has given up.
 *
 * - Requests beyond `mostOpen`: writes are counted apart, so that reads are answered while no write can be.
 * - Requests that waited in their socket. Nothing tells when one arrived, but all that are read in one turn of the event
 *   loop were there when the turn began.
 * - Requests of clients that have given up, once the gateway is busy: the end of a connection that has waited is read in the
 *   turn after its last request.
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
      // One line for all of them: they have none of their own.
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
    // Also after a client has closed the connection, which Fastify's onResponse does not report.
    reply.raw.once('close', () => {
      open[kind]--;
    });
    if (open[kind] < BUSY) return done();
    afterNextTurn(() => (request.raw.socket.writable ? done() : refuse(request, reply)));
  });
}

/** Calls `then` when the event loop has read once more what there is on all connections. */
const afterNextTurn = (then: () => void) => setImmediate(() => setImmediate(then));

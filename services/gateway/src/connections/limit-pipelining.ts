import type { Socket } from 'node:net';
import type { Logger } from '@activity-feed/hosting';
import type { FastifyInstance } from 'fastify';
import { ApiError } from '../error-answers/api-error';
import { retryAfter } from '../error-answers/retry-after';
import type { Connections } from './connections';

declare module 'fastify' {
  interface FastifyRequest {
    /** Whether it was refused because there are too many others, on its connection or in all. */
    isExcess: boolean;
  }
}

/**
 * Requests of one connection that may be in flight. Answers to a client that sends one request after another and
 * reads none of them wait in memory, of which a page takes up to 40 KB.
 */
export const IN_FLIGHT_MAX = 32;

/** Refuses what a connection asks beyond that, with CONNECTION_BUSY; a connection that does so is logged once. */
export function limitPipelining(fastify: FastifyInstance, connections: Connections, logger: Logger): void {
  const logged = new WeakSet<Socket>();
  fastify.decorateRequest('isExcess', false);
  fastify.addHook('onRequest', (request, _reply, done) => {
    const { socket } = request.raw;
    if (connections.inFlight(socket) <= IN_FLIGHT_MAX) return done();
    request.isExcess = true;
    if (!logged.has(socket)) {
      logged.add(socket);
      logger.warn(
        { request_id: request.id },
        `client pipelines more than ${IN_FLIGHT_MAX} requests; refusing the rest`,
      );
    }
    done(new ApiError('CONNECTION_BUSY', { 'retry-after': retryAfter() }));
  });
}

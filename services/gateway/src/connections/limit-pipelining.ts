import type { Socket } from 'node:net';
import type { Logger } from '@activity-feed/hosting';
import type { FastifyInstance } from 'fastify';
import { ApiError } from '../error-answers/api-error';
import { retryAfter } from '../error-answers/retry-after';
import type { Connections } from './connections';

declare module 'fastify' {
  interface FastifyRequest {
    /** Whether it was refused because of too many other requests, on its connection or in total. */
    isExcess: boolean;
  }
}

/**
 * Maximum requests in flight on one connection. Answers to a client that pipelines requests without reading wait in
 * memory; a page takes up to 40 KB.
 */
export const IN_FLIGHT_MAX = 32;

/** Refuses further requests with CONNECTION_BUSY. Logs each such connection once. */
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

import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { ApiError } from './error-answers/api-error';

/**
 * Requests of one connection that may be in the making. Answers to a client that sends one request after another and
 * reads none of them wait in memory, of which a page takes up to 40 KB.
 */
const MOST = 32;

/** Refuses what a connection asks beyond that, with SERVICE_UNAVAILABLE. */
export function limitPipelining(fastify: FastifyInstance): void {
  const underWay = new WeakMap<Socket, number>();
  fastify.addHook('onRequest', (request, _reply, done) => {
    const { socket } = request.raw;
    const count = (underWay.get(socket) ?? 0) + 1;
    underWay.set(socket, count);
    done(count > MOST ? new ApiError('SERVICE_UNAVAILABLE') : undefined);
  });
  fastify.addHook('onResponse', (request, _reply, done) => {
    const { socket } = request.raw;
    underWay.set(socket, (underWay.get(socket) ?? 1) - 1);
    done();
  });
}

import type { Socket } from 'node:net';
import type { FastifyReply, FastifyRequest, FastifyServerOptions } from 'fastify';
import { errorAnswer } from './error-answer';

/** Answers of the catalogue where no route and so no filter is reached: unreadable URLs and unreadable HTTP. */
export const answersOutsideRoutes: Pick<FastifyServerOptions, 'frameworkErrors' | 'clientErrorHandler'> = {
  frameworkErrors: (_error: Error, _request: FastifyRequest, reply: FastifyReply) => {
    reply.status(404).send(errorAnswer('NOT_FOUND'));
  },
  clientErrorHandler: (_error: Error, socket: Socket) => {
    if (!socket.writable) return;
    const body = JSON.stringify(errorAnswer('BAD_REQUEST'));
    const head = ['HTTP/1.1 400 Bad Request', 'content-type: application/json', 'connection: close'];
    socket.end(`${head.join('\r\n')}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  },
};

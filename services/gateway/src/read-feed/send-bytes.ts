import type { FastifyReply } from 'fastify';

/**
 * Answers with JSON. `body` has one character per byte; it bypasses Fastify, which would encode it as UTF-8 again.
 */
export function sendBytes(reply: FastifyReply, body: string): void {
  reply.hijack();
  const headers = reply.getHeaders() as Record<string, string>;
  reply.raw.writeHead(200, {
    ...headers,
    'content-type': 'application/json; charset=utf-8',
    'content-length': body.length,
  });
  reply.raw.end(body, 'latin1');
}

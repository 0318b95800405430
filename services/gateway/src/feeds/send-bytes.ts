import type { FastifyReply } from 'fastify';

/**
 * Answers with JSON whose bytes are the characters of `body`, past Fastify's own sending, which would take them for
 * text and write them as UTF-8 once more.
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

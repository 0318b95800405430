import type { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';

/** Node's object for an open connection, which is not documented. */
interface WithHandle {
  _handle: object | null;
}

/**
 * Takes a request's connection away from the HTTP server, before anything is answered. A connection that stays open for hours then needs
 * only a socket: request, response, parser and what Fastify keeps of them would take twice as much memory again
 * (`npm run bench -- streams`). Node offers this only for upgrades, hence the handle. What the client sends later is dropped.
 *
 * Returns undefined if the client has gone, or if earlier answers on the connection are still being sent.
 */
export function takeConnection({ socket: owner }: IncomingMessage, response: ServerResponse): Socket | undefined {
  const { _handle: handle } = owner as Socket & WithHandle;
  if (!handle || response.socket !== owner || owner.writableLength > 0) return undefined;
  (owner as Socket & WithHandle)._handle = null;
  // The server forgets the connection, without closing it.
  owner.destroy();
  const socket: Socket = new Socket({ handle, readable: true, writable: true } as object);
  // `close` follows.
  socket.on('error', ignore);
  return socket.resume();
}

const ignore = () => undefined;

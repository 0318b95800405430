import type { Socket } from 'node:net';
import type { FastifyInstance, FastifyReply } from 'fastify';

/**
 * Milliseconds for a client to read its last answer. Closing a connection while the client is still sending resets it,
 * and a reset discards what the client has not read.
 */
const LINGER = 2_000;

interface Connection {
  /** Requests whose head has arrived and whose answer has not been sent. */
  inFlight: number;
  /** The reply to the newest request, until both the request and the reply are complete. */
  newest?: FastifyReply | undefined;
  onceAnswered?: (() => void) | undefined;
  /** Whether no further request may be processed. */
  isEnding?: boolean;
}

/** Tracks the requests on each connection. */
export class Connections {
  private readonly kept = new WeakMap<Socket, Connection>();

  /** Must be called before adding hooks that may refuse a request. */
  follow(fastify: FastifyInstance): void {
    fastify.server.on('connection', (socket: Socket) => this.closeGently(socket));
    fastify.addHook('onRequest', ({ raw }, reply, done) => {
      const connection = this.of(raw.socket);
      // Further requests get no answer, so they must not be carried out.
      if (connection.isEnding) return;
      connection.inFlight++;
      connection.newest = reply;
      done();
    });
    fastify.addHook('onResponse', ({ raw }, reply, done) => {
      const connection = this.of(raw.socket);
      connection.inFlight--;
      if (connection.newest === reply && raw.complete) connection.newest = undefined;
      if (connection.inFlight === 0) connection.onceAnswered?.();
      done();
    });
  }

  inFlight(socket: Socket): number {
    return this.kept.get(socket)?.inFlight ?? 0;
  }

  /** The reply to the request whose body has not arrived completely. */
  awaitingBody(socket: Socket): FastifyReply | undefined {
    const newest = this.kept.get(socket)?.newest;
    return newest?.request.raw.complete ? undefined : newest;
  }

  /** Calls `then` when all requests in flight are answered; at once if there are none. */
  whenAnswered(socket: Socket, then: () => void): void {
    const connection = this.of(socket);
    if (connection.inFlight === 0) then();
    else connection.onceAnswered = then;
  }

  /** Ignores all further requests on the connection. */
  takeNoMore(socket: Socket): void {
    this.of(socket).isEnding = true;
  }

  /** Closes the connection when the client has closed its side, or after the client had time to read the answers. */
  close(socket: Socket): void {
    this.takeNoMore(socket);
    socket.end();
    socket.resume();
    setTimeout(() => socket.destroy(), LINGER).unref();
  }

  /** After `Connection: close` Node calls `destroySoon`, even while the request's body is still arriving. */
  private closeGently(socket: Socket): void {
    const destroySoon = socket.destroySoon.bind(socket);
    socket.destroySoon = () => (this.awaitingBody(socket) ? this.close(socket) : destroySoon());
  }

  private of(socket: Socket): Connection {
    let connection = this.kept.get(socket);
    if (!connection) {
      connection = { inFlight: 0 };
      this.kept.set(socket, connection);
    }
    return connection;
  }
}

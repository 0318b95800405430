import type { Socket } from 'node:net';
import type { FastifyInstance, FastifyReply } from 'fastify';

/**
 * Milliseconds for which a client may read its last answer. A connection that is closed while data of the client are
 * still coming in is reset, and a reset discards what the client has not read.
 */
const LINGER = 2_000;

interface Connection {
  /** Requests whose head has arrived and whose answer has not gone out. */
  inFlight: number;
  /** The answer to the newest request, until both it and the request are complete. */
  newest?: FastifyReply | undefined;
  onceAnswered?: (() => void) | undefined;
  /** Whether its last answer is given or decided. */
  isEnding?: boolean;
}

/** What is under way on each connection. */
export class Connections {
  private readonly kept = new WeakMap<Socket, Connection>();

  /** Call it before any hook that may refuse a request. */
  follow(fastify: FastifyInstance): void {
    fastify.server.on('connection', (socket: Socket) => this.closeGently(socket));
    fastify.addHook('onRequest', ({ raw }, reply, done) => {
      const connection = this.of(raw.socket);
      // Nothing that still comes has an answer, so nothing of it may be carried out.
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

  /** The answer to the request whose body has not arrived whole. */
  awaitingBody(socket: Socket): FastifyReply | undefined {
    const newest = this.kept.get(socket)?.newest;
    return newest?.request.raw.complete ? undefined : newest;
  }

  /** Calls `then` when every request in flight is answered: at once if there is none. */
  whenAnswered(socket: Socket, then: () => void): void {
    const connection = this.of(socket);
    if (connection.inFlight === 0) then();
    else connection.onceAnswered = then;
  }

  /** Takes nothing that still comes on the connection for a request. */
  takeNoMore(socket: Socket): void {
    this.of(socket).isEnding = true;
  }

  /** Closes the connection once the client has, or has had the time to read the answers. */
  close(socket: Socket): void {
    this.takeNoMore(socket);
    socket.end();
    socket.resume();
    setTimeout(() => socket.destroy(), LINGER).unref();
  }

  /** Node closes by `destroySoon` after an answer with `Connection: close`, also when the body is still coming in. */
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

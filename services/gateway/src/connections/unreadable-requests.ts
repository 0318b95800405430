import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import type { Logger } from '@activity-feed/hosting';
import type { FastifyInstance } from 'fastify';
import { ApiError } from '../error-answers/api-error';
import { notAllowed } from '../error-answers/refuse-other-methods';
import { answerOnSocket } from './answer-on-socket';
import type { Connections } from './connections';

/** An error of Node's HTTP parser, or of a socket. */
interface ReadingError extends Error {
  code?: string;
  /** What was being read, up to `bytesParsed` where the error was found. */
  rawPacket?: Buffer;
  bytesParsed?: number;
}

/** Answers what Fastify never gets to see. */
export class UnreadableRequests {
  private readonly refused = new WeakSet<Socket>();

  constructor(
    private readonly connections: Connections,
    private readonly logger: Logger,
  ) {}

  /**
   * Answers what Node cannot read or has waited for too long. Earlier requests of the connection are answered before,
   * and what has its answer already gets no second one: then the connection is closed.
   */
  readonly refuse = (error: Error, socket: Socket): void => {
    // The parser repeats its error for all that comes after.
    if (this.refused.has(socket)) return;
    this.refused.add(socket);
    if (!isReadingError(error) || !socket.writable) {
      socket.destroy();
      return;
    }
    this.connections.takeNoMore(socket);
    const apiError = toApiError(error);
    const reply = this.connections.awaitingBody(socket);
    if (reply && !reply.sent && !reply.raw.headersSent) {
      reply.send(apiError);
      return;
    }
    this.connections.whenAnswered(socket, () => {
      if (reply) socket.destroy();
      else this.answer(socket, apiError);
    });
  };

  /** Answers CONNECT, which has no path and so no route: there is nothing here that any method is allowed on. */
  refuseTunnels(fastify: FastifyInstance): void {
    fastify.server.on('connect', (_request, stream) => {
      const socket = stream as Socket;
      socket.on('error', () => socket.destroy());
      this.connections.whenAnswered(socket, () => this.answer(socket, notAllowed('')));
    });
  }

  private answer(socket: Socket, error: ApiError): void {
    if (!socket.writable) return;
    const requestId = randomUUID();
    answerOnSocket(socket, requestId, error);
    this.connections.close(socket);
    this.logger.info({ request_id: requestId, code: error.code }, 'unreadable request refused; closing its connection');
  }
}

const isReadingError = ({ code = '' }: ReadingError) => code.startsWith('HPE_') || code === 'ERR_HTTP_REQUEST_TIMEOUT';

function toApiError(error: ReadingError): ApiError {
  const headers = { connection: 'close' };
  switch (error.code) {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new ApiError('REQUEST_TIMEOUT', headers);
    case 'HPE_HEADER_OVERFLOW':
      return new ApiError(isWithinUrl(error) ? 'URL_TOO_LONG' : 'HEAD_TOO_LARGE', headers);
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return new ApiError('REQUEST_TOO_LARGE', headers);
    default:
      return new ApiError('BAD_REQUEST', headers);
  }
}

/**
 * Whether the parser stopped in a request line: what it read last begins like one, or the protocol's version follows.
 * Of a URL that came in pieces neither may be among what the error shows; then it counts as the head that it is part of.
 */
function isWithinUrl({ rawPacket = Buffer.alloc(0), bytesParsed = 0 }: ReadingError): boolean {
  const line = rawPacket.subarray(rawPacket.lastIndexOf('\n', bytesParsed - 1) + 1, bytesParsed).toString('latin1');
  const next = rawPacket.subarray(bytesParsed, bytesParsed + 6).toString('latin1');
  return /^[A-Z-]+ (?:\/|https?:)[^ ]*$/.test(line) || next === ' HTTP/';
}

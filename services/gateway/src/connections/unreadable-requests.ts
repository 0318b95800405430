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
  /** The data being parsed; the error was found at `bytesParsed`. */
  rawPacket?: Buffer;
  bytesParsed?: number;
}

/** Answers requests that never reach Fastify. */
export class UnreadableRequests {
  private readonly refused = new WeakSet<Socket>();

  constructor(
    private readonly connections: Connections,
    private readonly logger: Logger,
  ) {}

  /**
   * Answers a request that Node cannot parse or that is too slow, after all earlier requests of the connection. If the
   * request has an answer already, the connection is closed without a second one.
   */
  readonly refuse = (error: Error, socket: Socket): void => {
    // The parser repeats its error for all further data.
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

  /** Answers CONNECT, which has no path and therefore no route and no allowed methods. */
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
 * Whether the parser stopped in a request line: the parsed data begins like one, or the protocol version follows. If
 * the URL arrived in several packets, the error may contain neither; then the error counts as one of the head.
 */
function isWithinUrl({ rawPacket = Buffer.alloc(0), bytesParsed = 0 }: ReadingError): boolean {
  const line = rawPacket.subarray(rawPacket.lastIndexOf('\n', bytesParsed - 1) + 1, bytesParsed).toString('latin1');
  const next = rawPacket.subarray(bytesParsed, bytesParsed + 6).toString('latin1');
  return /^[A-Z-]+ (?:\/|https?:)[^ ]*$/.test(line) || next === ' HTTP/';
}

import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ApiError } from '../error-answers/api-error';
import { errorAnswer } from '../error-answers/error-answer';
import { statusOf } from '../error-answers/statuses';

/**
 * Milliseconds for which the client may read the answer. A connection that is closed while data of the client are
 * still coming in is reset, and a reset discards what the client has not read.
 */
const LINGER = 2_000;

/** Answers with `error` where there is no response to do so, and closes the connection. */
export function answerOnSocket(socket: Duplex, requestId: string, error: ApiError): void {
  const status = statusOf(error.code, 'GET');
  const body = JSON.stringify(errorAnswer(error.code, requestId, error.reason));
  const headers = {
    'x-request-id': requestId,
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    date: new Date().toUTCString(),
    connection: 'close',
    ...error.headers,
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${body}`);
  socket.resume();
  setTimeout(() => socket.destroy(), LINGER).unref();
}

import type { Duplex } from 'node:stream';
import { statusOf } from '@activity-feed/contracts';
import { COMMON_HEADERS } from '../answer-headers/common-headers';
import type { ApiError } from '../error-answers/api-error';
import { errorAnswer } from '../error-answers/error-answer';
import { responseHead } from './response-head';

/** Writes `error` as an HTTP response where Node provides none. The caller must close the connection afterwards. */
export function answerOnSocket(socket: Duplex, requestId: string, error: ApiError): void {
  const status = statusOf(error.code);
  const body = JSON.stringify(errorAnswer(error.code, requestId, error.reason));
  const headers = {
    'x-request-id': requestId,
    ...COMMON_HEADERS,
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    date: new Date().toUTCString(),
    connection: 'close',
    ...error.headers,
  };
  socket.write(responseHead(status, headers) + body);
}

import type { IncomingMessage } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { ApiError } from '../error-answers/api-error';
import { FIELDS_MAX, HEAD_MAX_LENGTH } from './connection-limits';

/** RFC 3986: a name, an IPv4 address or an IPv6 address in brackets, with an optional port. */
const HOST = /^(?:(?:[\w.~!$&'()*+,;=-]|%[\da-f]{2})+|\[[\da-f:.]+(?:%25[\w.~-]+)?\])(?::\d{0,5})?$/i;

/** Refuses requests whose head is too large, has no valid Host, or has an unsupported Expect, on every route. */
export function refuseHeads(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', ({ raw }, _reply, done) => done(headError(raw)));
  // Without a listener Node answers these itself, without a body.
  fastify.server.on('checkExpectation', fastify.routing);
}

function headError({ rawHeaders, headers, url = '', httpVersion }: IncomingMessage): ApiError | undefined {
  if (url.length >= HEAD_MAX_LENGTH) return new ApiError('URL_TOO_LONG');
  let length = url.length;
  let hosts = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] as string;
    length += name.length + (rawHeaders[index + 1] as string).length;
    if (name.length === 4 && name.toLowerCase() === 'host') hosts++;
  }
  if (length >= HEAD_MAX_LENGTH || rawHeaders.length > 2 * FIELDS_MAX) return new ApiError('HEAD_TOO_LARGE');
  if (hosts === 0 && httpVersion === '1.1') return badHost('the request must have a Host header');
  if (hosts > 1) return badHost('the request must have one Host header');
  if (hosts === 1 && !HOST.test(headers.host ?? ''))
    return badHost('the Host header must be a host, with or without a port');
  if (headers.expect !== undefined && !/(?:^|\W)100-continue(?:$|\W)/i.test(headers.expect)) {
    return new ApiError('EXPECTATION_FAILED');
  }
  return undefined;
}

/** Closes the connection: a proxy may interpret the request, and what follows it, differently. */
const badHost = (reason: string) => new ApiError('BAD_REQUEST', { connection: 'close' }, { reason });

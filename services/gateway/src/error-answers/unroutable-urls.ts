import { statusOf } from '@activity-feed/contracts';
import type { FastifyReply, FastifyRequest, FastifyServerOptions } from 'fastify';
import { COMMON_HEADERS } from '../answer-headers/common-headers';
import { errorAnswer } from './error-answer';

/** How the router handles URLs that it cannot decode. */
export const unroutableUrls: Pick<FastifyServerOptions, 'rewriteUrl' | 'frameworkErrors'> = {
  rewriteUrl: ({ url = '' }) => literalUrl(url),
  // For an invalid URL neither a route nor the error filter runs.
  frameworkErrors: (_error: Error, request: FastifyRequest, reply: FastifyReply) => {
    reply
      .headers({ ...COMMON_HEADERS, 'x-request-id': request.id })
      .status(statusOf('NOT_FOUND'))
      .send(errorAnswer('NOT_FOUND'));
  },
};

/**
 * Makes `url` decodable. If the path's escapes are not valid UTF-8, each `%` is taken literally, so that the path's
 * route refuses it, or it is answered with NOT_FOUND like any other wrong path.
 */
export function literalUrl(url: string): string {
  if (!url.includes('%')) return url;
  const [path = ''] = url.split(/[?#]/, 1);
  if (isDecodable(path)) return url;
  return path.replaceAll('%', '%25') + url.slice(path.length);
}

function isDecodable(path: string): boolean {
  try {
    decodeURI(path);
    return true;
  } catch {
    return false;
  }
}

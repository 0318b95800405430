import { statusOf } from '@activity-feed/contracts';
import type { FastifyReply, FastifyRequest, FastifyServerOptions } from 'fastify';
import { errorAnswer } from './error-answer';

/** What the router does with URLs that no route can be found for. */
export const unroutableUrls: Pick<FastifyServerOptions, 'rewriteUrl' | 'frameworkErrors'> = {
  rewriteUrl: ({ url = '' }) => literalUrl(url),
  // No URL of a server: no route and so no filter is reached.
  frameworkErrors: (_error: Error, request: FastifyRequest, reply: FastifyReply) => {
    reply.header('x-request-id', request.id).status(statusOf('NOT_FOUND')).send(errorAnswer('NOT_FOUND'));
  },
};

/**
 * `url` as the router can read it. A path whose escapes do not decode to UTF-8 is taken literally, each `%` for itself,
 * so that its route refuses it or, without a route, it is not found, like any other wrong path.
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

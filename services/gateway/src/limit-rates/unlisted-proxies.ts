import type { Logger } from '@activity-feed/hosting';
import type { FastifyRequest } from 'fastify';

type Sender = Pick<FastifyRequest, 'ip'> & {
  headers: Record<string, unknown>;
  socket: { remoteAddress?: string | undefined };
};

/**
 * Returns what is to be called for each request whose key was refused. It warns once if such a request came through a proxy that TRUSTED_PROXIES
 * does not list: all clients of the proxy then share the limit of its address.
 */
export function warnOfProxies(logger: Pick<Logger, 'warn'>): (request: Sender) => void {
  let hasWarned = false;
  return ({ ip, headers, socket }) => {
    if (hasWarned || headers['x-forwarded-for'] === undefined || ip !== socket.remoteAddress) return;
    hasWarned = true;
    logger.warn(
      { from: ip },
      'refused a key from behind a proxy that TRUSTED_PROXIES does not list; all its clients share one limit of refused keys',
    );
  };
}

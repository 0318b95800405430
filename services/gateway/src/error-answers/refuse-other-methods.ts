import type { FastifyInstance, HTTPMethods, RouteOptions } from 'fastify';
import { ApiError } from './api-error';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Set on the routes that exist to say which methods their path has. */
    allow?: string;
  }
}

const METHODS: HTTPMethods[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE'];

/** Notes every route of `fastify` as it comes; call the function it gives when all are there, before listening. */
export function refuseOtherMethods(fastify: FastifyInstance): () => void {
  const methodsOf = new Map<string, Set<string>>();
  fastify.addHook('onRoute', ({ url, method }: RouteOptions) => {
    const methods = methodsOf.get(url) ?? new Set();
    for (const name of [method].flat()) methods.add(name);
    methodsOf.set(url, methods);
  });
  return () => {
    for (const [url, methods] of [...methodsOf]) {
      const others = METHODS.filter((method) => !methods.has(method));
      const allow = [...methods].sort().join(', ');
      const handler = async () => Promise.reject(notAllowed(allow));
      if (others.length > 0) fastify.route({ method: others, url, config: { access: 'public', allow }, handler });
    }
  };
}

export const notAllowed = (allow: string) => new ApiError('METHOD_NOT_ALLOWED', { allow });

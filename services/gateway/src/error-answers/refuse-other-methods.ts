import { METHODS } from 'node:http';
import type { FastifyInstance, RouteOptions } from 'fastify';
import { ApiError } from './api-error';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Set on the routes that exist to say which methods their path has. */
    allow?: string;
  }
}

/**
 * Notes every route of `fastify` as it comes; call the function it gives when all are there, before listening. What is
 * refused is whatever Node can read, but CONNECT, which has no path.
 */
export function refuseOtherMethods(fastify: FastifyInstance): () => void {
  for (const method of METHODS) {
    if (method !== 'CONNECT' && !fastify.supportedMethods.includes(method)) fastify.addHttpMethod(method);
  }
  const methodsOf = new Map<string, Set<string>>();
  fastify.addHook('onRoute', ({ url, method }: RouteOptions) => {
    const methods = methodsOf.get(url) ?? new Set();
    for (const name of [method].flat()) methods.add(name);
    methodsOf.set(url, methods);
  });
  return () => {
    for (const [url, methods] of [...methodsOf]) {
      const others = fastify.supportedMethods.filter((method) => !methods.has(method));
      const allow = [...methods].sort().join(', ');
      const handler = async () => Promise.reject(notAllowed(allow));
      if (others.length > 0) fastify.route({ method: others, url, config: { access: 'public', allow }, handler });
    }
  };
}

export const notAllowed = (allow: string) => new ApiError('METHOD_NOT_ALLOWED', { allow });

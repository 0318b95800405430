import { METHODS } from 'node:http';
import type { FastifyInstance, RouteOptions } from 'fastify';
import { ApiError } from './api-error';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Set on routes that only answer METHOD_NOT_ALLOWED: the methods that the path accepts. */
    allow?: string;
  }
}

/**
 * Answers METHOD_NOT_ALLOWED for every other method of each path, except CONNECT, which has no path. Call it before
 * adding routes; call the returned function after adding all routes, before listening.
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

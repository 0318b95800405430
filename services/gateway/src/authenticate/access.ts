import { timingSafeEqual } from 'node:crypto';
import type { User } from '@activity-feed/contracts';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ApiError } from '../error-answers/api-error';
import { notAllowed } from '../error-answers/refuse-other-methods';
import { contentError } from '../read-body/content-error';
import type { Identities } from './identities';

/** Who may call a route: whoever has a user's key, whoever has the admin key, everybody. */
export type Access = 'user' | 'admin' | 'public';

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access;
  }
  interface FastifyRequest {
    user: User | null;
    /** The key as it was presented. */
    key: string | null;
  }
}

/** Routes that Nest's Swagger module makes, which have no configuration of ours. */
const DOCUMENTATION = /^\/docs(\/|$)/;

/**
 * Checks key and content type before a request's body is read: Nest's guards would come after Fastify has parsed it,
 * and the order of the errors is part of the API.
 */
export function guardRequests(fastify: FastifyInstance, identities: Identities, adminKey: string | undefined): void {
  fastify.decorateRequest('user', null);
  fastify.decorateRequest('key', null);
  fastify.addHook('onRequest', (request, _reply, done) => {
    const goOn = () => done(request.method === 'POST' ? contentError(request.headers) : undefined);
    try {
      const looking = identify(request);
      // At once for a key that is known: a promise for each request would cost more than all the rest of this.
      if (looking) looking.then(goOn, done);
      else goOn();
    } catch (error) {
      done(error as Error);
    }
  });

  /** Sets the request's user, or throws; a promise when somebody must be asked. */
  function identify(request: FastifyRequest): Promise<void> | undefined {
    if (request.is404) throw new ApiError('NOT_FOUND');
    const { access, allow } = request.routeOptions.config;
    if (allow) throw notAllowed(allow);
    switch (access ?? (DOCUMENTATION.test(request.routeOptions.url ?? '') ? 'public' : 'user')) {
      case 'user': {
        request.key = presentedKey(request, 'x-app-key');
        request.user = identities.known(request.key) ?? null;
        return request.user ? undefined : lookUp(request, request.key);
      }
      case 'admin':
        if (!isSame(presentedKey(request, 'x-admin-key'), adminKey ?? '')) throw new ApiError('KEY_INVALID');
    }
    return undefined;
  }

  async function lookUp(request: FastifyRequest, key: string): Promise<void> {
    request.user = await identities.lookUp(key);
  }
}

function presentedKey(request: FastifyRequest, header: string): string {
  const key = request.headers[header];
  if (key === undefined) throw new ApiError('KEY_MISSING');
  if (typeof key !== 'string' || key === '') throw new ApiError('KEY_INVALID');
  return key;
}

function isSame(presented: string, expected: string): boolean {
  const [a, b] = [Buffer.from(presented), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}

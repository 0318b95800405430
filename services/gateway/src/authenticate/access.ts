import { timingSafeEqual } from 'node:crypto';
import type { User } from '@activity-feed/contracts';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ApiError } from '../error-answers/api-error';
import { notAllowed } from '../error-answers/refuse-other-methods';
import { rateClassOf } from '../limit-rates/rate-class';
import type { RateLimiter } from '../limit-rates/rate-limiter';
import { checkContentHeaders } from '../read-body/check-content-headers';
import { onBehalfOf } from '../trace-requests/request-scope';
import { type Found, type Identities, isRefusal } from './identities';
import type { Tickets } from './tickets';

/** Which key a route requires: a user's key, the admin key, either of them, or none. */
export type Access = 'user' | 'admin' | 'user-or-admin' | 'public';

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access;
    /** Whether the query may have a ticket instead of the user's key: browsers cannot set headers of an EventSource. */
    acceptsTicket?: boolean;
  }
  interface FastifyRequest {
    user: User | null;
    /** Whether the request has the admin key, on a route that accepts it. */
    isAdmin: boolean;
    /** The key from the request; null with a ticket. */
    key: string | null;
    /** The hash of the key for which the ticket of the request was issued. */
    keyHash: string | null;
    /** Set if the request was refused because of a rate limit, which the metrics count. */
    isOverLimit: boolean;
  }
}

/** Routes of Nest's Swagger module, which cannot have an `access` configuration. */
const DOCUMENTATION = /^\/docs(\/|$)/;

/** Methods whose requests must have a JSON body. */
const WITH_BODY: ReadonlySet<string> = new Set(['PATCH', 'POST', 'PUT']);

interface Guards {
  identities: Identities;
  tickets: Tickets;
  limiter: RateLimiter;
  /** Called for each request whose key was refused. */
  warnOfProxy(request: FastifyRequest): void;
}

/**
 * Checks key, rate limit and content type before the request's body is read. Nest's guards run after Fastify has parsed the body,
 * but the order of the errors is part of the API.
 */
export function guardRequests(
  fastify: FastifyInstance,
  { identities, tickets, limiter, warnOfProxy }: Guards,
  adminKey: string | undefined,
): void {
  fastify.decorateRequest('user', null);
  fastify.decorateRequest('isAdmin', false);
  fastify.decorateRequest('key', null);
  fastify.decorateRequest('keyHash', null);
  fastify.decorateRequest('isOverLimit', false);
  fastify.addHook('onRequest', (request, _reply, done) => {
    const proceed = () => done(WITH_BODY.has(request.method) ? checkContentHeaders(request.headers) : undefined);
    const refuse = (error: Error) => {
      if (error instanceof ApiError && error.code === 'RATE_LIMITED') request.isOverLimit = true;
      else if (isRefusal(error)) {
        limiter.countFailure(request.ip);
        warnOfProxy(request);
      }
      done(error);
    };
    try {
      const lookup = identify(request);
      // Synchronous for known keys: a promise per request would take longer than everything else here.
      if (lookup) lookup.then(proceed, refuse);
      else proceed();
    } catch (error) {
      refuse(error as Error);
    }
  });

  /** Sets the request's user, or throws. Returns a promise if the key must be looked up. */
  function identify(request: FastifyRequest): Promise<void> | undefined {
    if (request.is404) throw new ApiError('NOT_FOUND');
    const { access, allow } = request.routeOptions.config;
    if (allow) throw notAllowed(allow);
    switch (access ?? (DOCUMENTATION.test(request.routeOptions.url ?? '') ? 'public' : 'user')) {
      case 'user':
        return identifyUser(request);
      case 'user-or-admin':
        return request.headers['x-admin-key'] === undefined ? identifyUser(request) : identifyAdmin(request);
      case 'admin':
        return identifyAdmin(request);
      case 'public':
        return undefined;
    }
  }

  function identifyUser(request: FastifyRequest): Promise<void> | undefined {
    const { ticket } = request.query as Record<string, unknown>;
    if (ticket !== undefined && request.routeOptions.config.acceptsTicket) {
      limiter.checkFailures(request.ip);
      return redeem(request, ticket);
    }
    const key = String(request.headers['x-app-key'] ?? '');
    const found = identities.known(key);
    if (!found && !identities.wasFound(key)) limiter.checkFailures(request.ip);
    request.key = presentedKey(request, 'x-app-key');
    return found ? admit(request, found) : onBehalfOf(request, () => lookUp(request, request.key as string));
  }

  function identifyAdmin(request: FastifyRequest): Promise<void> | undefined {
    // Also with the right key: otherwise the limit would not stop anybody from guessing it.
    limiter.checkFailures(request.ip);
    if (!isSame(presentedKey(request, 'x-admin-key'), adminKey ?? '')) throw new ApiError('KEY_INVALID');
    request.isAdmin = true;
    return limiter.admitAdmin(request.ip);
  }

  function admit(request: FastifyRequest, { user, limits }: Found): Promise<void> | undefined {
    request.user = user;
    return limiter.admitUser(user.id, rateClassOf(request), limits);
  }

  async function redeem(request: FastifyRequest, ticket: unknown): Promise<void> {
    request.keyHash = await tickets.redeem(ticket);
    await admit(request, await identities.findByHash(request.keyHash));
  }

  async function lookUp(request: FastifyRequest, key: string): Promise<void> {
    await admit(request, await identities.lookUp(key));
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

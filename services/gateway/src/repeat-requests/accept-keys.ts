import type { FastifyInstance, FastifyReply, FastifyRequest, HookHandlerDoneFunction } from 'fastify';
import { ApiError } from '../error-answers/api-error';
import { IDEMPOTENCY_HEADER, isIdempotencyKey } from './idempotency-key';

declare module 'fastify' {
  interface FastifyRequest {
    /** The text of the header, on a route that accepts it from its user. */
    idempotencyKey: string | null;
    /** The bytes of the body, of a request with an idempotency key. */
    rawBody: Buffer | null;
  }
}

const METHODS: ReadonlySet<string> = new Set(['DELETE', 'PATCH', 'POST']);
/** Paths that ignore the header: nothing is recorded. */
const WITHOUT: ReadonlySet<string> = new Set(['/tickets']);

/** Whether a route accepts idempotency keys from users. PUT may be repeated without. */
export const acceptsIdempotencyKey = (method: string, path: string): boolean =>
  METHODS.has(method.toUpperCase()) && !WITHOUT.has(path);

/** Reads the header of users' requests before the body. Call it before adding routes; other routes are not slowed down. */
export function acceptIdempotencyKeys(fastify: FastifyInstance): void {
  fastify.decorateRequest('idempotencyKey', null);
  fastify.decorateRequest('rawBody', null);
  fastify.addHook('onRoute', (route) => {
    if (![route.method].flat().some((method) => acceptsIdempotencyKey(method, route.url))) return;
    // After the hooks of all routes, which identify the user.
    route.onRequest = [route.onRequest ?? [], readKey].flat();
  });
}

function readKey(request: FastifyRequest, _reply: FastifyReply, done: HookHandlerDoneFunction): void {
  const key = request.headers[IDEMPOTENCY_HEADER];
  if (key === undefined || request.user === null) {
    done();
  } else if (typeof key === 'string' && isIdempotencyKey(key)) {
    request.idempotencyKey = key;
    done();
  } else {
    done(new ApiError('IDEMPOTENCY_KEY_INVALID'));
  }
}

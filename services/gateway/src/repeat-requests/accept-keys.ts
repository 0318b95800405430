import type { FastifyInstance, FastifyRequest } from 'fastify';
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

/** Reads the header of users' requests before the body. Call it after the hook that identifies them. */
export function acceptIdempotencyKeys(fastify: FastifyInstance): void {
  fastify.decorateRequest('idempotencyKey', null);
  fastify.decorateRequest('rawBody', null);
  fastify.addHook('onRequest', (request, _reply, done) => {
    const key = request.headers[IDEMPOTENCY_HEADER];
    if (key === undefined || !isAccepted(request)) return done();
    if (typeof key !== 'string' || !isIdempotencyKey(key)) return done(new ApiError('IDEMPOTENCY_KEY_INVALID'));
    request.idempotencyKey = key;
    done();
  });
}

const isAccepted = ({ method, user, routeOptions: { url = '' } }: FastifyRequest) =>
  user !== null && acceptsIdempotencyKey(method, url);

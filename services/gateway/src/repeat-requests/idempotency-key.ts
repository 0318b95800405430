import { createHash } from 'node:crypto';
import type { Idempotency } from '@activity-feed/contracts';
import type { FastifyRequest } from 'fastify';

/** https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/ */
export const IDEMPOTENCY_HEADER = 'idempotency-key';
export const REPLAYED_HEADER = 'idempotent-replayed';
/** Characters of a key. */
export const KEY_MAX = 255;

const PRINTABLE = new RegExp(`^[\\x20-\\x7e]{1,${KEY_MAX}}$`);

/** Keys are taken as they stand, so quotes are part of them. */
export const isIdempotencyKey = (text: string): boolean => PRINTABLE.test(text);

export interface KeyedRequest {
  method: string;
  /** With its parameters as placeholders. */
  route: string;
  /** As received, with the query. */
  url: string;
  body: Buffer | null;
}

/** What the write services know of a key: nothing that a client wrote. */
export const idempotencyFrom = (
  caller: Idempotency['caller'],
  text: string,
  { method, route, url, body }: KeyedRequest,
): Idempotency => ({
  caller,
  key: hash(method, route, text),
  fingerprint: hash(method, url, body ?? ''),
});

/** Undefined for a request without a key. */
export function idempotencyOf(request: FastifyRequest): Idempotency | undefined {
  const { idempotencyKey, user, method, routeOptions, originalUrl, rawBody } = request;
  if (idempotencyKey === null || user === null) return undefined;
  const keyed = { method, route: routeOptions.url ?? '', url: originalUrl, body: rawBody };
  return idempotencyFrom(user.id, idempotencyKey, keyed);
}

/** Neither methods nor paths nor keys contain the separator. */
const hash = (first: string, second: string, last: string | Buffer): string =>
  createHash('sha256').update(`${first}\0${second}\0`).update(last).digest('hex');

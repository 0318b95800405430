import type { RateLimits, UserRateClass } from '@activity-feed/contracts';
import type { FastifyRequest } from 'fastify';

/** What is limited: requests of a user by their kind, and those with the admin key or a refused key by their address. */
export type RateClass = UserRateClass | 'admin' | 'failed-keys';

/** Requests per second; 0: no limit. */
export type DefaultLimits = Record<Exclude<RateClass, UserRateClass>, number> & RateLimits;

type Query = Record<string, unknown>;

declare module 'fastify' {
  interface FastifyContextConfig {
    /** By default, requests that change nothing are `reads` and all others are `writes`. */
    rateClass?: UserRateClass | ((query: Query) => UserRateClass);
  }
}

/** For lists that are aggregates only if the request wants groups. */
export const byGroup = ({ group }: Query): UserRateClass => (group === undefined ? 'reads' : 'aggregates');

export function rateClassOf({ method, query, routeOptions }: FastifyRequest): UserRateClass {
  const { rateClass } = routeOptions.config;
  if (typeof rateClass === 'function') return rateClass(query as Query);
  return rateClass ?? (method === 'GET' || method === 'HEAD' ? 'reads' : 'writes');
}

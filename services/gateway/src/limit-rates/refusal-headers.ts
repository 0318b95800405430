import type { Lease } from './lease';
import type { RateClass } from './rate-class';

/** The headers of https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/, and Retry-After. */
export function refusalHeaders(
  rateClass: RateClass,
  { points, endsIn }: Pick<Lease, 'points' | 'endsIn'>,
  windowSeconds: number,
): Record<string, string> {
  const seconds = Math.max(1, Math.ceil(endsIn / 1_000));
  return {
    'retry-after': String(seconds),
    ratelimit: `"${rateClass}";r=0;t=${seconds}`,
    'ratelimit-policy': `"${rateClass}";q=${points};w=${windowSeconds}`,
  };
}

import {
  type OwnRateLimits,
  type RateLimits,
  USER_RATE_CLASSES,
  type UserId,
  type UserRateClass,
} from '@activity-feed/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { ApiError } from '../error-answers/api-error';
import { addressGroup } from './address-group';
import { Lease } from './lease';
import type { DefaultLimits, RateClass } from './rate-class';
import { RateCounts, WINDOW_SECONDS } from './rate-counts';
import { rateLimitedRequests } from './rate-metrics';
import { refusalHeaders } from './refusal-headers';

export const DEFAULT_LIMITS = Symbol('DEFAULT_LIMITS');

/** Users, or addresses, whose leases of a class are kept. One who is dropped begins another window. */
const KEPT = 20_000;

const newLeases = () => new LRUCache<UserId | string, Lease>({ max: KEPT });

/**
 * Refuses requests of users who send more than their limits, and of addresses that send many refused keys. Synchronous except
 * where a lease must be extended first: a promise per request would take longer than everything else here.
 */
@Injectable()
export class RateLimiter {
  private readonly leases: Record<RateClass, LRUCache<UserId | string, Lease>> = {
    reads: newLeases(),
    writes: newLeases(),
    aggregates: newLeases(),
    admin: newLeases(),
    'failed-keys': newLeases(),
  };

  constructor(
    @Inject(DEFAULT_LIMITS) private readonly defaults: DefaultLimits | undefined,
    private readonly counts: RateCounts,
  ) {}

  /** The limits of a user. `own`: those that were set for the user. Without limits, all are 0. */
  limitsOf(own: OwnRateLimits = {}): RateLimits {
    const limits = USER_RATE_CLASSES.map((name) => [name, this.limitOf(name, own)]);
    return Object.fromEntries(limits) as RateLimits;
  }

  /** Throws ApiError RATE_LIMITED, or rejects with it. All keys of a user share the limits. */
  admitUser(user: UserId, rateClass: UserRateClass, own: OwnRateLimits = {}): Promise<void> | undefined {
    return this.admit(rateClass, user, this.limitOf(rateClass, own));
  }

  /** The same for a request with the admin key. */
  admitAdmin(ip: string): Promise<void> | undefined {
    return this.admit('admin', addressGroup(ip), this.defaults?.admin ?? 0);
  }

  /** Throws ApiError RATE_LIMITED if too many keys from an address were refused. */
  checkFailures(ip: string): void {
    const { size } = this.leases['failed-keys'];
    const lease = size > 0 ? this.leases['failed-keys'].get(addressGroup(ip)) : undefined;
    if (lease?.isEmpty) throw refusal('failed-keys', lease);
  }

  /** Counts a request whose key was refused. */
  countFailure(ip: string): void {
    const perSecond = this.defaults?.['failed-keys'] ?? 0;
    if (perSecond > 0) void this.leaseOf('failed-keys', addressGroup(ip), perSecond).use();
  }

  private limitOf(rateClass: UserRateClass, own: OwnRateLimits): number {
    return this.defaults ? (own[rateClass] ?? this.defaults[rateClass]) : 0;
  }

  private admit(rateClass: RateClass, holder: UserId | string, perSecond: number): Promise<void> | undefined {
    if (perSecond === 0) return undefined;
    const lease = this.leaseOf(rateClass, holder, perSecond);
    const admitted = lease.use();
    if (admitted === true) return undefined;
    if (admitted === false) throw refusal(rateClass, lease);
    return admitted.then((isAdmitted) => {
      if (!isAdmitted) throw refusal(rateClass, lease);
    });
  }

  private leaseOf(rateClass: RateClass, holder: UserId | string, perSecond: number): Lease {
    const points = perSecond * WINDOW_SECONDS;
    const kept = this.leases[rateClass].get(holder);
    if (kept?.points === points) return kept;
    const bucket = `${rateClass}:${holder}`;
    const take = (count: number) => this.counts.take(bucket, count);
    const lease = new Lease({ points, window: WINDOW_SECONDS * 1_000, take });
    this.leases[rateClass].set(holder, lease);
    return lease;
  }
}

function refusal(rateClass: RateClass, lease: Lease): ApiError {
  rateLimitedRequests.inc({ class: rateClass });
  return new ApiError('RATE_LIMITED', refusalHeaders(rateClass, lease, WINDOW_SECONDS));
}

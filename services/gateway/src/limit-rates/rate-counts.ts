import { Injectable } from '@nestjs/common';
import { Redis } from 'ioredis';
import { RateLimiterMemory, RateLimiterRedis } from 'rate-limiter-flexible';
import type { Taken } from './lease';

/** Seconds. A limit of requests per second admits as many at once as in this time. */
export const WINDOW_SECONDS = 2;

/** Leases compare the counts with limits, which differ between users. */
const OPTIONS = { keyPrefix: 'rate', points: Number.MAX_SAFE_INTEGER, duration: WINDOW_SECONDS };

/** What all gateways together have admitted of each bucket in its window. While Redis is down, each counts alone. */
@Injectable()
export class RateCounts {
  private readonly limiter: RateLimiterRedis;

  constructor(redis: Redis) {
    this.limiter = new RateLimiterRedis({
      ...OPTIONS,
      storeClient: redis,
      rejectIfRedisNotReady: true,
      insuranceLimiter: new RateLimiterMemory(OPTIONS),
    });
  }

  async take(bucket: string, count: number): Promise<Taken> {
    const { consumedPoints, msBeforeNext } = await this.limiter.consume(bucket, count);
    return { consumed: consumedPoints, endsIn: msBeforeNext };
  }
}

import { Redis } from 'ioredis';
import type { Logger } from '../log/logger';
import { measureRedis } from './redis-metrics';

/** A client whose commands fail within 200 ms when Redis is down. It reconnects by itself. */
export function createRedis(url: string, keyPrefix: string, logger: Logger): Redis {
  const redis = new Redis(url, {
    keyPrefix,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    commandTimeout: 200,
    connectTimeout: 1_000,
    retryStrategy: (attempt) => Math.min(attempt * 50, 1_000),
  });
  measureRedis(redis);
  let lost = false;
  redis.on('error', (error) => {
    // The error itself is not logged: its command may be AUTH, which contains the password.
    if (!lost)
      logger.warn(
        { reason: error.message || (error as NodeJS.ErrnoException).code },
        'Redis does not answer; continuing without it',
      );
    lost = true;
  });
  redis.on('ready', () => {
    if (lost) logger.info({}, 'Redis answers again');
    lost = false;
  });
  return redis;
}

/** The result of `call`, or undefined when it fails. Redis is a cache: callers must work without it. */
export async function attempt<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch {
    return undefined;
  }
}

import { createRedis } from '@activity-feed/hosting';
import type { Redis } from 'ioredis';
import { testServers } from './servers';
import { silent } from './test-database';

/** Milliseconds. */
const COMMAND_TIMEOUT = 10_000;

/**
 * A client as in the services, which also waits for its connection and longer for an answer. A command that fails counts
 * as a miss, which would fail tests about something else on a busy machine.
 */
export function patientRedis(prefix: string, url = testServers().redis): Redis {
  const redis = createRedis(url, prefix, silent);
  Object.assign(redis.options, { commandTimeout: COMMAND_TIMEOUT, enableOfflineQueue: true });
  return redis;
}

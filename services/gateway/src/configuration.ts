import { RATE_LIMIT_MAX, WAITING_READS } from '@activity-feed/contracts';
import { assertSecret, readConfig, secretSettings, setting } from '@activity-feed/hosting';
import { z } from 'zod';
import { networks, origins } from './edge-settings';
import type { DefaultLimits } from './limit-rates/rate-class';

const rate = z.coerce
  .number('must be requests per second, or 0 for no limit')
  .int()
  .min(0)
  .max(RATE_LIMIT_MAX, `must be at most ${RATE_LIMIT_MAX}`);

const shape = {
  HOST: setting.host,
  HTTP_PORT: setting.port.default(5000),
  /** Metrics and health, which the API's port does not serve to everybody; without it there are no metrics. */
  METRICS_PORT: setting.port.optional(),
  SOCIAL_GRAPH_ADDRESS: setting.hostAndPort,
  ACTIVITY_ADDRESS: setting.hostAndPort,
  /** Addresses of all feed readers; requests are balanced between them. */
  FEED_ADDRESS: setting.hostsAndPorts,
  REDIS_URL: setting.redisUrl,
  REDIS_PREFIX: setting.prefix,
  ...secretSettings,
  /** Key of the admin routes; without it they do not exist. */
  ADMIN_KEY: z.string().min(8, 'must have at least 8 characters').optional(),
  /** Origins whose pages may call the API, such as `https://app.example`, or `*`; without it none. */
  CORS_ORIGINS: origins.optional(),
  /** Proxies whose X-Forwarded-For says who the client is; without it nobody's does. */
  TRUSTED_PROXIES: networks.optional(),
  LOG_LEVEL: setting.logLevel,
  /** Maximum requests in progress for each resource; further requests are refused. By default {@link mostOpen}. */
  MAX_OPEN_REQUESTS: z.coerce.number('must be a number of requests').int().min(1).optional(),
  /** One in this many successful reads is logged; 0 logs none. */
  REQUEST_LOG_SAMPLE: z.coerce.number('must be a number of reads, or 0').int().min(0).default(1_000),
  /** `off`: none of the following limits, nor those of users. */
  RATE_LIMITS: z.enum(['on', 'off'], 'must be on or off').default('on'),
  /** Requests per second of a user. */
  RATE_LIMIT_READS: rate.default(100),
  RATE_LIMIT_WRITES: rate.default(20),
  RATE_LIMIT_AGGREGATES: rate.default(20),
  /** Requests per second of an address: with the admin key, and with keys that are refused. */
  RATE_LIMIT_ADMIN: rate.default(50),
  RATE_LIMIT_FAILED_KEYS: rate.default(10),
};

export function readConfiguration(environment = process.env) {
  const configuration = readConfig(shape, environment);
  assertSecret(configuration);
  return configuration;
}

export type Configuration = ReturnType<typeof readConfiguration>;

/** Requests in progress for a resource beside the reads that wait for a version. */
const OTHERS = 144;

/** Waiting reads cost nearly nothing, but each holds a request open: all readers' together must not use up the limit. */
export const mostOpen = ({ MAX_OPEN_REQUESTS, FEED_ADDRESS }: Configuration): number =>
  MAX_OPEN_REQUESTS ?? OTHERS + WAITING_READS * FEED_ADDRESS.length;

/** Undefined if there are none. */
export const rateLimits = (configuration: Configuration): DefaultLimits | undefined =>
  configuration.RATE_LIMITS === 'off'
    ? undefined
    : {
        reads: configuration.RATE_LIMIT_READS,
        writes: configuration.RATE_LIMIT_WRITES,
        aggregates: configuration.RATE_LIMIT_AGGREGATES,
        admin: configuration.RATE_LIMIT_ADMIN,
        'failed-keys': configuration.RATE_LIMIT_FAILED_KEYS,
      };

import { WAITING_READS } from '@activity-feed/contracts';
import { assertSecret, readConfig, secretSettings, setting } from '@activity-feed/hosting';
import { z } from 'zod';
import { networks, origins } from './edge-settings';

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

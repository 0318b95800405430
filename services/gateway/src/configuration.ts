import { readConfig, setting } from '@activity-feed/hosting';
import { z } from 'zod';

export const readConfiguration = () =>
  readConfig({
    HOST: setting.host,
    HTTP_PORT: setting.port.default(5000),
    SOCIAL_GRAPH_ADDRESS: setting.hostAndPort,
    ACTIVITY_ADDRESS: setting.hostAndPort,
    /** Of all readers of the feed, which take turns. */
    FEED_ADDRESS: setting.hostsAndPorts,
    REDIS_URL: setting.redisUrl,
    REDIS_PREFIX: setting.prefix,
    /** Whoever has it may register users; without it nobody can. */
    ADMIN_KEY: z.string().min(8, 'must have at least 8 characters').optional(),
    LOG_LEVEL: setting.logLevel,
    /** Reads that may be under way at a time, and writes likewise; more are refused. */
    MAX_OPEN_REQUESTS: z.coerce.number('wants a number of requests').int().min(1).default(400),
    /** One of so many reads that went well has a line in the log; 0 for none. */
    REQUEST_LOG_SAMPLE: z.coerce.number('must be a number of reads, or 0').int().min(0).default(1_000),
  });

export type Configuration = ReturnType<typeof readConfiguration>;

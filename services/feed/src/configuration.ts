import { readServiceConfig } from '@activity-feed/backend';
import { type Milliseconds, toMilliseconds } from '@activity-feed/contracts';
import { setting } from '@activity-feed/hosting';
import { z } from 'zod';
import { DAY } from './activity/durations';
import { indexBudget, LEAST_BUDGET, MOST_BUDGET, memoryLimit } from './timeline-index/index-budget';

const DAYS = { day: 1, week: 7 };
const INTERVAL = /^([1-9]\d{0,3}) (day|week)s?$/;
const INTERVAL_ERROR = 'must be an interval like "90 days"';

function readInterval(text: string): Milliseconds {
  const [, count, unit] = INTERVAL.exec(text) as unknown as [string, string, keyof typeof DAYS];
  return Number(count) * DAYS[unit] * toMilliseconds(DAY);
}

const interval = z.string(INTERVAL_ERROR).regex(INTERVAL, INTERVAL_ERROR);

/** The default budget, or less where the process has less memory. */
const defaultBudget = () => indexBudget(memoryLimit());

export const readConfiguration = () =>
  readServiceConfig({
    /** `projector` writes the read models, `reader` serves pages. */
    FEED_ROLE: z.enum(['all', 'projector', 'reader'], 'must be all, projector or reader').default('all'),
    /** Activities that a reader keeps in memory, 60 bytes each. */
    FEED_INDEX_BUDGET: z.coerce
      .number('must be a number')
      .int()
      .min(LEAST_BUDGET)
      .max(MOST_BUDGET)
      .default(defaultBudget),
    /** Followees that a reader keeps in memory for all users together, 4 bytes each. */
    FEED_FOLLOWEE_BUDGET: z.coerce.number('must be a number').int().min(10_000).default(defaultBudget),
    /** Time range of one chunk of the hypertable. Applies to new chunks. */
    ACTIVITIES_CHUNK_INTERVAL: z
      .string()
      .regex(/^\d+ (hour|day|week)s?$/, 'must be an interval like "1 day" or "12 hours"')
      .default('1 day'),
    /** Shared cache of aggregate reads; without it each process computes them itself. */
    REDIS_URL: setting.redisUrl.optional(),
    REDIS_PREFIX: setting.prefix,
    /** Seconds for which aggregate reads are cached; 0 disables the cache. */
    FEED_AGGREGATE_CACHE: z.coerce.number('must be a number of seconds').int().min(0).max(30).default(30),
    /** Activities older than this are dropped, by whole days; without it none are. */
    FEED_RETENTION: interval.transform(readInterval).optional(),
    /** Chunks older than this are compressed, on the Community edition only; `never` disables compression. */
    FEED_COMPRESS_AFTER: interval
      .or(z.literal('never', INTERVAL_ERROR))
      .default('30 days')
      .transform((text) => (text === 'never' ? undefined : text)),
    /** Milliseconds without a heartbeat after which Kafka reassigns this instance's partitions. */
    KAFKA_SESSION_TIMEOUT: z.coerce
      .number('must be a number of milliseconds')
      .int()
      .min(6_000)
      .max(300_000)
      .default(6_000),
  });

export type Configuration = ReturnType<typeof readConfiguration>;

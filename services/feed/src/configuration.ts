import { serviceSettings } from '@activity-feed/backend';
import { readConfig } from '@activity-feed/hosting';
import { z } from 'zod';

export const readConfiguration = () =>
  readConfig({
    ...serviceSettings,
    /** Time that one chunk of the hypertable holds; holds for new chunks. */
    ACTIVITIES_CHUNK_INTERVAL: z
      .string()
      .regex(/^\d+ (hour|day|week)s?$/, 'wants an interval like "1 day" or "12 hours"')
      .default('1 day'),
    /** Milliseconds that Kafka waits for a heartbeat before it gives this instance's partitions to another. */
    KAFKA_SESSION_TIMEOUT: z.coerce.number('wants milliseconds').int().min(6_000).max(300_000).default(6_000),
  });

export type Configuration = ReturnType<typeof readConfiguration>;

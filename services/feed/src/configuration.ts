import { serviceSettings } from '@activity-feed/backend';
import { readConfig } from '@activity-feed/hosting';
import { z } from 'zod';

export const readConfiguration = () =>
  readConfig({
    ...serviceSettings,
    /** `projector` writes the read models, `reader` serves pages; several readers can stand beside one projector. */
    FEED_ROLE: z.enum(['all', 'projector', 'reader'], 'wants all, projector or reader').default('all'),
    /** Activities that a reader keeps in memory, 48 bytes each. */
    FEED_INDEX_BUDGET: z.coerce.number('wants a number').int().min(65_536).max(1_000_000_000).default(20_000_000),
    /** Followees that a reader keeps in memory for all users together, 4 bytes each. */
    FEED_FOLLOWEE_BUDGET: z.coerce.number('wants a number').int().min(10_000).default(20_000_000),
    /** Time that one chunk of the hypertable holds; holds for new chunks. */
    ACTIVITIES_CHUNK_INTERVAL: z
      .string()
      .regex(/^\d+ (hour|day|week)s?$/, 'wants an interval like "1 day" or "12 hours"')
      .default('1 day'),
    /** Milliseconds that Kafka waits for a heartbeat before it gives this instance's partitions to another. */
    KAFKA_SESSION_TIMEOUT: z.coerce.number('wants milliseconds').int().min(6_000).max(300_000).default(6_000),
  });

export type Configuration = ReturnType<typeof readConfiguration>;

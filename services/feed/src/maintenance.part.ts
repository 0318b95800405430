import { createPool } from '@activity-feed/backend';
import type { Logger } from '@activity-feed/hosting';
import type { Configuration } from './configuration';
import { endPools } from './database/end-pools';
import { MaintenanceProcess } from './maintain-aggregates/maintenance-process';
import { describePending } from './maintain-aggregates/pending';
import { measurePending } from './maintain-aggregates/pending-metrics';
import type { ServicePart } from './service-part';

/** The part of the projector role that maintains the aggregates. `onRefreshed` is called after they change. */
export function maintenancePart(
  configuration: Configuration,
  logger: Logger,
  onRefreshed: () => Promise<unknown>,
): ServicePart {
  const {
    DATABASE_URL: connectionString,
    FEED_RETENTION: retention,
    FEED_COMPRESS_AFTER: compressAfter,
  } = configuration;
  const pool = createPool(connectionString, 1, logger, { name: 'maintenance' });
  measurePending(pool);
  const process = new MaintenanceProcess({ connectionString, log: logger, retention, compressAfter, onRefreshed });
  return {
    // Not required: late activities are missing from aggregates only, and only for a while.
    dependencies: [
      {
        name: 'aggregates',
        required: false,
        without: 'groups, summaries and trends may lack activities that arrived late',
        check: () => describePending(pool),
      },
    ],
    providers: [
      { provide: MaintenanceProcess, useValue: process },
      {
        provide: 'pool-of-pending',
        useValue: { onApplicationShutdown: () => endPools({ pendingPool: pool }, logger) },
      },
    ],
  };
}

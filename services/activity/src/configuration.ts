import { readServiceConfig, writeServiceSettings } from '@activity-feed/backend';
import { setting } from '@activity-feed/hosting';

export const readConfiguration = () =>
  readServiceConfig({
    ...writeServiceSettings,
    /** Days for which a deleted object can be restored. */
    OBJECT_RESTORE_DAYS: setting.restoreDays,
  });

export type Configuration = ReturnType<typeof readConfiguration>;

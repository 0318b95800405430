import { readServiceConfig, writeServiceSettings } from '@activity-feed/backend';
import { setting } from '@activity-feed/hosting';

export const readConfiguration = () =>
  readServiceConfig({
    ...writeServiceSettings,
    /** Registers ivan, nico and eric with the keys from the README. */
    DEMO_USERS: setting.flag,
    /** Maximum users that one user can follow. Existing follows beyond it are kept. */
    MAX_FOLLOWEES: setting.maxFollowees,
  });

export type Configuration = ReturnType<typeof readConfiguration>;

import { readServiceConfig, writeServiceSettings } from '@activity-feed/backend';
import { setting } from '@activity-feed/hosting';

export const readConfiguration = () =>
  readServiceConfig({
    ...writeServiceSettings,
    /** Registers ivan, nico and eric with the keys that the README shows. */
    DEMO_USERS: setting.flag,
    /** Users that one can follow; who follows more already keeps them. */
    MAX_FOLLOWEES: setting.maxFollowees,
  });

export type Configuration = ReturnType<typeof readConfiguration>;

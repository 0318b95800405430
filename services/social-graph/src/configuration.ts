import { writeServiceSettings } from '@activity-feed/backend';
import { readConfig, setting } from '@activity-feed/hosting';

export const readConfiguration = () =>
  readConfig({
    ...writeServiceSettings,
    /** Registers ivan, nico and eric with the keys that the README shows. */
    DEMO_USERS: setting.flag,
  });

export type Configuration = ReturnType<typeof readConfiguration>;

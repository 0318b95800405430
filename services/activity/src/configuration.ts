import { readServiceConfig, writeServiceSettings } from '@activity-feed/backend';

export const readConfiguration = () => readServiceConfig(writeServiceSettings);

export type Configuration = ReturnType<typeof readConfiguration>;

import { writeServiceSettings } from '@activity-feed/backend';
import { readConfig } from '@activity-feed/hosting';

export const readConfiguration = () => readConfig(writeServiceSettings);

export type Configuration = ReturnType<typeof readConfiguration>;

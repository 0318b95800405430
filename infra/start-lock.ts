import { join } from 'node:path';
import type { InfraSettings } from './settings.ts';

/** Held while `npm start` or `npm run reset` uses the data folder. */
export const startLock = ({ dataFolder }: InfraSettings) => join(dataFolder, 'in-use.lock');

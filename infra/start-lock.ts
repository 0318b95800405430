import { join } from 'node:path';
import type { InfraSettings } from './settings.ts';

/** Held while a start or a test run uses its data folder. */
export const startLock = ({ dataFolder }: InfraSettings) => join(dataFolder, 'in-use.lock');
